/** In how many days a contact point should answer, as the programme's rules say today; asked for once, for all clocks of a page. */
import { today } from '$lib/clock.svelte';
import { api, got } from '$lib/api';

class Target {
  days = $state<number | null>(null);
  #asked = false;

  /** Have it fetched; until it is there, or if it cannot be had, clocks say how long something waits and judge nothing. */
  ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    got(api.GET('/v1/reference/registration-figures', { params: { query: { name: 'desk_answer_days', limit: 20 } } })).then(
      ({ items }) => (this.days = items.find((each) => each.valid_from <= today())?.value ?? null),
      () => (this.#asked = false),
    );
  }
}

export const target = new Target();
