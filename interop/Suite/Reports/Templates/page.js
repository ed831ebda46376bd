// What is chosen stands in the address, after "#", so that a view can be sent: server=... client=... language=... case=...
// verdict=... and cell=..., the one that is open. Without this script all cells are there, only not sorted out.
'use strict';
(() => {
  const form = document.getElementById('filters');
  const cells = [...document.querySelectorAll('.cell')];
  const squares = [...document.querySelectorAll('#matrix .square')];
  const names = ['server', 'client', 'language', 'case', 'verdict'];
  const borne = ['passed', 'unsupported', 'known-failure'];
  const first = name => name === 'verdict' ? form.dataset.verdict : 'any';

  const fits = {
    server: (cell, value) => cell.server === value,
    client: (cell, value) => cell.client === value,
    language: (cell, value) => cell.language.includes('|' + value + '|'),
    case: (cell, value) => cell.case === value,
    verdict: (cell, value) => value === 'not-passed' ? cell.verdict !== 'passed' : cell.verdict === value,
  };
  const isChosen = (cell, keys) => keys.every(key => form[key].value === 'any' || fits[key](cell.dataset, form[key].value));

  // The same words as Square.Of in the suite.
  function count(square, verdicts) {
    const passed = verdicts.filter(verdict => verdict === 'passed').length;
    const [kind, word] = verdicts.length === 0 ? ['none', '']
      : verdicts.includes('failed') ? ['failed', 'FAILED']
      : passed === verdicts.length ? ['passed', 'ok']
      : verdicts.every(verdict => borne.includes(verdict)) ? ['open', 'borne']
      : verdicts.includes('inconclusive') ? ['open', 'inconclusive'] : ['open', 'not run'];
    square.className = 'square ' + kind;
    square.textContent = verdicts.length === 0 ? '-' : passed + '/' + verdicts.length + ' ' + word;
    const view = new URLSearchParams({ server: square.dataset.server, client: square.dataset.client });
    ['language', 'case'].filter(key => form[key].value !== 'any').forEach(key => view.set(key, form[key].value));
    view.set('verdict', 'any');
    square.href = '#' + view;
  }

  function show() {
    let shown = 0;
    const of = new Map();
    for (const cell of cells) {
      cell.hidden = !isChosen(cell, names) && !cell.open;
      shown += cell.hidden ? 0 : 1;
      if (isChosen(cell, ['language', 'case'])) {
        const key = cell.dataset.server + '\n' + cell.dataset.client;
        of.set(key, [...(of.get(key) ?? []), cell.dataset.verdict]);
      }
    }
    squares.forEach(square => count(square, of.get(square.dataset.server + '\n' + square.dataset.client) ?? []));
    document.getElementById('shown').textContent = shown + ' of ' + cells.length + ' cells are shown.';
  }

  function write(open) {
    const view = new URLSearchParams();
    names.filter(name => form[name].value !== first(name)).forEach(name => view.set(name, form[name].value));
    if (open) {
      view.set('cell', open.dataset.name);
    }
    history.replaceState(null, '', '#' + (view.toString() || 'cells'));
  }

  function read() {
    const text = location.hash.slice(1);
    if (text !== '' && !text.includes('=')) {
      return; // a place on the page, and no view
    }
    const view = new URLSearchParams(text);
    for (const name of names) {
      form[name].value = view.get(name) ?? first(name);
      if (form[name].selectedIndex < 0) {
        form[name].value = first(name);
      }
    }
    const open = cells.find(cell => cell.dataset.name === view.get('cell'));
    if (text !== '') {
      cells.forEach(cell => { cell.open = cell === open; });
    }
    show();
    if (text !== '') {
      const target = open ?? document.getElementById('cells');
      target.scrollIntoView();
      (open ? open.querySelector('summary') : form.server).focus({ preventScroll: true });
    }
  }

  const opened = () => cells.find(cell => cell.open);
  form.addEventListener('change', () => { show(); write(opened()); });
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', event => { event.preventDefault(); history.replaceState(null, '', '#cells'); names.forEach(name => { form[name].value = first(name); }); cells.forEach(cell => { cell.open = false; }); show(); });
  cells.forEach(cell => cell.addEventListener('toggle', () => write(cell.open ? cell : opened())));
  // A link to the view that is on already changes no address; it is followed all the same.
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href*="="]');
    if (link !== null && link.hash === location.hash && link.pathname === location.pathname) {
      read();
    }
  });
  document.addEventListener('click', async event => {
    if (!event.target.matches('.copy')) {
      return;
    }
    const line = event.target.previousElementSibling;
    try {
      await navigator.clipboard.writeText(line.textContent);
      event.target.textContent = 'copied';
    } catch {
      getSelection().selectAllChildren(line); // where a page may not copy, the line is marked for its reader to do so
      event.target.textContent = 'press Ctrl-C';
    }
  });
  addEventListener('hashchange', read);
  names.forEach(name => { form[name].value = first(name); });
  show();
  read();
})();
