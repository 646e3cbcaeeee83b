/** @import { Mode, Settings } from './settings.js' */
import { find, html } from './dom.js';

/**
 * Shows a value, adding it to the list if the address asked for one that isn't there.
 *
 * @param {HTMLSelectElement} select
 * @param {number} amount
 * @param {string} unit
 */
function choose(select, amount, unit) {
  const value = String(amount);
  if (![...select.options].some((option) => option.value === value)) {
    select.append(html('option', { value }, `${value} ${unit}`));
  }
  select.value = value;
}

/**
 * The form above the counts.
 *
 * @param {Settings} initial
 * @param {{ run: () => void, runBoth: () => void }} actions `run` also after every change
 */
export function createControls(initial, { run, runBoth }) {
  const form = find('#controls', HTMLFormElement);
  const delay = find('#delay', HTMLSelectElement, form);
  const straggler = find('#straggler', HTMLSelectElement, form);
  const cache = find('#cache', HTMLSelectElement, form);
  const distinct = find('#distinct', HTMLSelectElement, form);

  /** @param {Mode} mode */
  const setMode = (mode) => {
    find(`#mode-${mode}`, HTMLInputElement, form).checked = true;
  };

  setMode(initial.mode);
  choose(delay, initial.delayMs, 'ms');
  choose(straggler, initial.stragglerMs, 'ms');
  choose(cache, initial.maxAge, 's');
  distinct.value = initial.distinct ? '1' : '0';

  form.addEventListener('change', run);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  find('#both', HTMLButtonElement, form).addEventListener('click', runBoth);

  return {
    setMode,

    /** @returns {Settings} */
    read() {
      return {
        mode: find('#mode-fetch', HTMLInputElement, form).checked ? 'fetch' : 'carpool',
        delayMs: Number(delay.value),
        stragglerMs: Number(straggler.value),
        maxAge: Number(cache.value),
        distinct: distinct.value === '1',
      };
    },
  };
}
