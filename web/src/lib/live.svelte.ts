/**
 * News from others: the server says only what to fetch again. Polling stands in where it cannot.
 *
 * One page of a browser listens for all of them: browsers allow a site few connections, and a stream keeps one for good. Which page
 * it is, a lock decides; when that page closes, the next one takes over.
 */
import { session } from './session.svelte';

const POLL_MS = 30_000;
const AGAIN_MS = 60_000;
const TOGETHER_MS = 300;
/** After an outage all pages everywhere should not ask at the same moment. */
const SPREAD_MS = 3_000;
const EVERYTHING = 'everything';

type Listener = { topics: readonly string[]; hear: () => void };
type Passed = { word: string } | { isUp: boolean } | { isUpAsked: true };

/** Whether a word is about one of these topics: `exchanges:<id>` is about `exchanges`, and `exchanges` about each of them. */
export function isAbout(word: string, topics: readonly string[]): boolean {
  return topics.length > 0 && (word === EVERYTHING || topics.some((topic) => topic === word || word.startsWith(`${topic}:`) || topic.startsWith(`${word}:`)));
}

class Live {
  #listeners = new Set<Listener>();
  #due = new Set<Listener>();
  #hasBegun = false;
  #isUp = false;
  #wasDown = false;
  #others: BroadcastChannel | undefined;
  #source: EventSource | undefined;
  #polling: ReturnType<typeof setInterval> | undefined;

  /** Hear when something about one of these topics may have changed; without a topic nothing is heard. Gives back how to stop. */
  on(topics: readonly string[], hear: () => void): () => void {
    const listener = { topics, hear };
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#due.delete(listener);
    };
  }

  /** Listen for whoever is logged in. */
  start(): void {
    if (this.#hasBegun || !session.me) return;
    this.#hasBegun = true;
    this.#poll();
    addEventListener('online', () => this.tell(EVERYTHING));
    if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) return this.#listen();
    this.#others = new BroadcastChannel('live');
    this.#others.onmessage = (event: MessageEvent<Passed>) => this.#take(event.data);
    this.#pass({ isUpAsked: true });
    const began = Date.now();
    void navigator.locks.request('live', () => {
      // Between the page that listened before and this one words may have been missed.
      this.#wasDown = Date.now() - began > 1_000;
      this.#listen();
      return new Promise<never>(() => undefined);
    });
  }

  /** Have everybody who shows something of this word fetch it again, soon, and once for several words. */
  tell(word: string): void {
    const concerned = [...this.#listeners].filter((each) => isAbout(word, each.topics));
    if (concerned.length === 0) return;
    if (this.#due.size === 0) setTimeout(() => this.#hear(), word === EVERYTHING ? TOGETHER_MS + Math.random() * SPREAD_MS : TOGETHER_MS);
    for (const each of concerned) this.#due.add(each);
  }

  #hear(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const each of due) each.hear();
  }

  #listen(): void {
    this.#source = new EventSource('/v1/live');
    this.#source.onopen = () => this.#turn(true);
    this.#source.onmessage = (event: MessageEvent<string>) => {
      this.#pass({ word: event.data });
      this.tell(event.data);
    };
    this.#source.onerror = () => {
      this.#turn(false);
      // It connects again by itself, unless it was refused.
      if (this.#source?.readyState === EventSource.CLOSED) setTimeout(() => this.#listen(), AGAIN_MS);
    };
  }

  #turn(isUp: boolean): void {
    if (isUp && this.#wasDown) {
      this.#pass({ word: EVERYTHING });
      this.tell(EVERYTHING);
    }
    this.#wasDown = !isUp;
    this.#pass({ isUp });
    this.#be(isUp);
  }

  #be(isUp: boolean): void {
    this.#isUp = isUp;
    if (isUp) {
      clearInterval(this.#polling);
      this.#polling = undefined;
    } else this.#poll();
  }

  #poll(): void {
    this.#polling ??= setInterval(() => document.visibilityState === 'visible' && this.tell(EVERYTHING), POLL_MS);
  }

  #take(passed: Passed): void {
    if ('word' in passed) this.tell(passed.word);
    else if ('isUp' in passed) this.#be(passed.isUp);
    else if (this.#source) this.#pass({ isUp: this.#isUp });
  }

  #pass(passed: Passed): void {
    this.#others?.postMessage(passed);
  }
}

export const live = new Live();
