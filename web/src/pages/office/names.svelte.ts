/** What organisations are called whose ids stand in roles: asked for together, each once. */
import { api, got } from '$lib/api';
import { SvelteMap } from 'svelte/reactivity';

const MOST_AT_ONCE = 100;

export class OrganisationNames {
  #names = new SvelteMap<string, string>();
  #asked = new Set<string>();

  /** The name, once it is there; undefined of what is no organisation, too. */
  of = (id: string): string | undefined => this.#names.get(id);

  /** Have those fetched that were not asked for yet. What cannot be had now is asked for again with the next list. */
  ask(ids: readonly string[]): void {
    const wanted = [...new Set(ids)].filter((each) => !this.#asked.has(each));
    for (let begin = 0; begin < wanted.length; begin += MOST_AT_ONCE) this.#fetch(wanted.slice(begin, begin + MOST_AT_ONCE));
  }

  #fetch(wanted: string[]): void {
    for (const each of wanted) this.#asked.add(each);
    got(api.GET('/v1/organisations', { params: { query: { organisation_id: wanted } } })).then(
      ({ items }) => items.forEach((each) => this.#names.set(each.organisation_id, each.legal_name)),
      () => wanted.forEach((each) => this.#asked.delete(each)),
    );
  }
}
