// Looks at the page it is run in: which words are in no catalogue, what moves, how wide it is.
// The pseudo-language wraps every text of a catalogue, every date, amount and name of a country in ⟦ ⟧.
window.looking = (() => {
  // Names that are the same in every language, languages by the names they give themselves, and the letters of steps and levels.
  const EVERYWHERE = new Set(['ClusterXchange', 'SHA-', 'kB', 'ℹ', 'English', 'Français']);
  const ADDRESSES_AND_HASHES = /https?:\/\/[^\s⟦⟧]+|[^\s⟦⟧]+@[^\s⟦⟧]+|\b[0-9a-f]{16,}…?/g;
  // Said by the API in English; the pages have words of their own for it.
  const SENTENCES = new Set(['detail', 'meaning']);
  // What people wrote themselves may look like a code.
  const FREE = new Set(['username', 'topics', 'technologies', 'can_teach', 'want_to_learn', 'name', 'reference', 'place']);
  const plain = (words) => words.replace(/\s+/g, ' ').trim();
  /** The same without addresses and hashes, wherever they stand: in what is shown as in what was heard. */
  const bare = (words) => plain(words.replace(ADDRESSES_AND_HASHES, ' '));

  function heard(key, value, into) {
    if (typeof value === 'string') {
      const isCode = /^[a-z]+(_[a-z0-9]+)*$/.test(value) && !FREE.has(key);
      if (!isCode && !SENTENCES.has(key) && bare(value)) into.add(bare(value));
    } else if (typeof value === 'number') into.add(String(value));
    else if (Array.isArray(value)) for (const each of value) heard(key, each, into);
    else if (value && typeof value === 'object') for (const [name, each] of Object.entries(value)) heard(name, each, into);
  }

  function data() {
    const found = new Set();
    for (const body of window.heard ?? []) {
      heard('', body, found);
      // English has no words of its own for refusals: they are said as the API says them.
      if (body?.status >= 400 && body.detail) found.add(bare(body.detail));
    }
    return [...found].sort((one, other) => other.length - one.length);
  }

  const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

  function left(words, known) {
    let rest = bare(words);
    for (let before = ''; before !== rest; ) [before, rest] = [rest, rest.replace(/⟦[^⟦⟧]*⟧/g, ' ')];
    for (const each of known) {
      if (!/\p{L}/u.test(rest)) break;
      if (rest.includes(each)) rest = rest.replace(new RegExp(`(?<![\\p{L}])${escaped(each)}(?![\\p{L}])`, 'gu'), ' ');
    }
    return (rest.match(/\p{L}[\p{L}'’-]*/gu) ?? []).filter((word) => word.length > 1 && !EVERYWHERE.has(word));
  }

  function* shown() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!plain(node.data) || parent.closest('script, style, noscript, option[lang]')) continue;
      if (parent.checkVisibility() || parent.closest('option')) yield node.data;
    }
    for (const each of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]'))
      for (const name of ['aria-label', 'placeholder', 'alt', 'title']) if (each.getAttribute(name)) yield each.getAttribute(name);
    yield document.title;
  }

  return {
    /** Words that are in no catalogue and did not come from the API, each with the text in which it stands. */
    outside() {
      const known = data();
      return [...shown()].map((words) => [left(words, known), plain(words)]).filter(([words]) => words.length).map(([words, all]) => `${words.join(' ')} in: ${all.slice(0, 120)}`);
    },
    /** How far the page is wider than its window. */
    tooWide: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    /** What is wider than the window and not in something that scrolls by itself, to say where to look. */
    sticksOut() {
      const width = document.documentElement.clientWidth;
      return [...document.querySelectorAll('main *, header *, footer *')].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > width + 1).slice(-3).map((each) => each.outerHTML.slice(0, 150));
    },
    /** What moves although the person asked for less of that. */
    moving: () =>
      [...document.querySelectorAll('body *')]
        .filter((each) => { const style = getComputedStyle(each); return [style.transitionDuration, style.animationName === 'none' ? '0s' : style.animationDuration].some((times) => times.split(',').some((time) => parseFloat(time) > 0.05)); })
        .slice(0, 3).map((each) => each.outerHTML.slice(0, 120)),
  };
})();
