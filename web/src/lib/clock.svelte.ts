/** The time that the programme's rules go by, as the system says it with every answer; in development it may be days ahead of the browser's. */
const SLACK_MS = 60_000;

class Clock {
  #ahead = $state(0);

  /** What an answer said; small differences, such as the time it was on its way, count for nothing. */
  hear(said: string | null): void {
    const ahead = said ? new Date(said).getTime() - Date.now() : NaN;
    if (Math.abs(ahead - this.#ahead) > SLACK_MS) this.#ahead = ahead;
  }

  now = (): number => Date.now() + this.#ahead;

  /** Today as rules and forms write it, in UTC. */
  today = (): string => new Date(this.now()).toISOString().slice(0, 10);
}

const clock = new Clock();
export const hear = (said: string | null): void => clock.hear(said);
export const { now, today } = clock;
