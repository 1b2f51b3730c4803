/**
 * What the pages do beyond reading, where scripts run: addresses of one long page, as the reference once was, lead on to
 * where the operation is now; the first page narrows its list while one types; samples can be copied. It asks nobody.
 */
export const SCRIPT = `
'use strict';
(() => {
  const all = document.getElementById('operations');
  const rows = all ? [...all.querySelectorAll('.index>li')] : [];
  const lead = () => {
    const place = document.getElementById(location.hash.slice(1));
    const link = place?.matches('.index>li,.names>li') && place.querySelector('a');
    if (link) location.replace(link.href);
  };
  if (all) { lead(); addEventListener('hashchange', lead); }
  const field = document.getElementById('q');
  const status = all?.querySelector('[role=status]');
  const texts = rows.map(row => (row.id + ' ' + row.textContent).toLowerCase());
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let left = 0;
    rows.forEach((row, index) => {
      row.hidden = !words.every(word => texts[index].includes(word));
      if (!row.hidden) left += 1;
    });
    for (const part of all.querySelectorAll('section')) part.hidden = !part.querySelector('.index>li:not([hidden])');
    status.textContent = words.length ? left + ' of ' + rows.length + ' operations. Enter searches members, objects and refusals too.' : '';
    document.body.classList.toggle('narrowed', words.length > 0);
  };
  if (all) { field.addEventListener('input', narrow); if (field.value) narrow(); }
  for (const code of navigator.clipboard ? document.querySelectorAll('pre') : []) {
    const button = document.createElement('button');
    button.type = 'button';
    const say = word => {
      button.textContent = word;
      button.setAttribute('aria-label', word + ': ' + code.getAttribute('aria-label'));
    };
    say('Copy');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        say('Copied');
      } catch {
        getSelection().selectAllChildren(code);
        say('Selected');
      }
    });
    for (const end of ['blur', 'pointerleave']) button.addEventListener(end, () => say('Copy'));
    const around = document.createElement('div');
    around.className = 'sample';
    code.replaceWith(around);
    around.append(code, button);
  }
})();
`.trim();
