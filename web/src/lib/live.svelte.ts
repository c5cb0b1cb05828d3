/** News from others: the server says only that something changed, and what is shown is fetched again. Polling stands in where it cannot. */
import { session } from './session.svelte';

const POLL_MS = 30_000;

type Listener = { topics: readonly string[]; hear: () => void };

class Live {
  #listeners = new Set<Listener>();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Hear when something about one of these topics changed; no topic hears everything. Gives back how to stop. */
  on(topics: readonly string[], hear: () => void): () => void {
    const listener = { topics, hear };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listen for whoever is logged in. */
  start(): void {
    if (this.#source || !session.me) return;
    this.#source = new EventSource('/v1/live');
    this.#source.onopen = () => this.#stopPolling();
    this.#source.onmessage = (event: MessageEvent<string>) => this.tell(event.data);
    this.#source.onerror = () => this.#poll();
    addEventListener('online', () => this.tell(''));
  }

  #poll(): void {
    this.#timer ??= setInterval(() => document.visibilityState === 'visible' && this.tell(''), POLL_MS);
  }

  #stopPolling(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Have everybody who shows something of this topic fetch it again; no topic means everything. */
  tell(topic: string): void {
    for (const { topics, hear } of this.#listeners) if (!topic || topics.length === 0 || topics.includes(topic)) hear();
  }
}

export const live = new Live();
