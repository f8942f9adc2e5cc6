// Sorts and filters the page's tables and folds the long ones.  The page is well-formed XML, so there is neither a
// less-than sign nor an ampersand in here.
(() => {
    'use strict';
    const FILTERED = 8; // rows from which on a table has a filter

    // What a cell is sorted by: a number, a text, or null if it is empty.
    const keyOf = cell => {
        const data = cell.querySelector('data');
        const text = (cell.dataset.sort ?? (data ? data.value : cell.textContent)).trim();
        if (['', '\u2013'].includes(text))
            return null;
        return Number.isNaN(Number(text)) ? text : Number(text);
    };

    // Numbers come before texts.
    const compare = (a, b) => {
        if (typeof a !== typeof b)
            return typeof a === 'number' ? -1 : 1;
        return typeof a === 'number' ? a - b : a.localeCompare(b, 'en');
    };

    // Orders the rows by a column: 1 ascending, -1 descending, 0 as written.  Empty cells come last.
    const sortRows = (body, written, column, order) => {
        const keys = new Map(written.map(row => [row, keyOf(row.cells[column])]));
        const place = (a, b) => {
            const x = keys.get(a), y = keys.get(b);
            if (x === null || y === null)
                return (x === null) - (y === null);
            return order * compare(x, y);
        };
        body.append(...(order ? [...written].sort(place) : written));
    };

    // Turns the heads into buttons: numbers begin with the best, or else the largest, texts with A; the third click
    // restores the order.
    const makeSortable = (table, written) => {
        const heads = [...table.tHead.rows[0].cells];
        let column = 0;
        for (const head of heads) {
            const own = column;
            const button = document.createElement('button');
            button.type = 'button';
            button.append(...head.childNodes);
            head.append(button);
            column += head.colSpan;
            button.addEventListener('click', () => {
                const numeric = written.some(row => typeof keyOf(row.cells[own]) === 'number');
                const first = numeric ? Number(head.dataset.first ?? -1) : 1;
                const now = {descending: -1, ascending: 1}[head.ariaSort] ?? 0;
                const order = now === 0 ? first : now === first ? -first : 0;
                for (const other of heads)
                    other.removeAttribute('aria-sort');
                if (order)
                    head.setAttribute('aria-sort', order > 0 ? 'ascending' : 'descending');
                sortRows(table.tBodies[0], written, own, order);
            });
        }
        table.classList.add('sortable');
    };

    // Charts have words of their own, which are not those of the row.
    const textOf = row => {
        const copy = row.cloneNode(true);
        for (const chart of copy.querySelectorAll('svg'))
            chart.remove();
        return copy.textContent.toLowerCase();
    };

    // Shows the rows that have every word typed.
    const makeFilter = (table, rows) => {
        const label = document.createElement('label');
        const input = document.createElement('input');
        const shown = document.createElement('output');
        let texts = null;
        label.className = 'filter';
        input.type = 'search';
        input.placeholder = 'filter rows';
        input.setAttribute('aria-label', 'Filter the rows of this table');
        label.append(input, shown);
        table.parentElement.before(label);
        input.addEventListener('input', () => {
            const words = input.value.toLowerCase().split(/\s+/);
            texts = texts ?? new Map(rows.map(row => [row, textOf(row)]));
            for (const row of rows)
                row.hidden = !words.every(word => texts.get(row).includes(word));
            const left = rows.filter(row => !row.hidden).length;
            shown.textContent = left === rows.length ? '' : left + ' of ' + rows.length;
        });
    };

    for (const table of document.querySelectorAll('.scroll > table')) {
        const rows = [...table.tBodies[0].rows];
        if (rows.length > 1)
            makeSortable(table, rows);
        if (rows.length >= FILTERED)
            makeFilter(table, rows);
    }

    // Without a script everything is unfolded, and on paper, too.
    const folds = [...document.querySelectorAll('details')];
    let folded = [];
    const reveal = () => {
        const target = document.getElementById(location.hash.slice(1));
        const fold = target ? target.closest('details') : null;
        if (fold) {
            fold.open = true;
            target.scrollIntoView();
        }
    };
    for (const fold of folds)
        fold.open = !fold.classList.contains('long');
    addEventListener('hashchange', reveal);
    reveal();
    addEventListener('beforeprint', () => {
        folded = folds.filter(fold => !fold.open);
        for (const fold of folded)
            fold.open = true;
    });
    addEventListener('afterprint', () => {
        for (const fold of folded)
            fold.open = false;
    });
})();
