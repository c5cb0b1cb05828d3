/** Accepting several registrations at once: sent in portions, so that it can be seen how far it has come, each in the version that was read. */
import { api, got, type Schemas } from '$lib/api';
import { coded } from '$lib/texts.svelte';

type Row = Pick<Schemas['registry.RegistrationSummary'], 'participation_id' | 'version' | 'legal_name'>;

export interface Refusal {
  participation_id: string;
  name: string;
  sentence: string;
}

const PORTION = 10;

export class Acceptances {
  total = $state(0);
  done = $state(0);
  accepted = $state(0);
  refused = $state.raw<Refusal[]>([]);
  error = $state.raw<unknown>(undefined);
  busy = $state(false);
  isDone = $state(false);

  /** Accept these; what is refused says why, and stands in the way of no other. */
  async accept(rows: readonly Row[]): Promise<void> {
    if (this.busy) return;
    [this.total, this.done, this.accepted, this.refused, this.error, this.busy, this.isDone] = [rows.length, 0, 0, [], undefined, true, false];
    try {
      for (let at = 0; at < rows.length; at += PORTION) await this.#portion(rows.slice(at, at + PORTION));
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
      this.isDone = this.done > 0;
    }
  }

  async #portion(rows: readonly Row[]): Promise<void> {
    const registrations = rows.map(({ participation_id, version }) => ({ participation_id, version }));
    const { items } = await got(api.POST('/v1/registrations/acceptances', { body: { registrations } }));
    const names = new Map(rows.map((each) => [each.participation_id, each.legal_name ?? '']));
    this.accepted += items.filter((each) => each.accepted).length;
    this.refused = [...this.refused, ...items.filter((each) => !each.accepted).map((each) => ({ participation_id: each.participation_id, name: names.get(each.participation_id) ?? '', sentence: coded(`refusals.${each.code}`, each.sentence ?? '') }))];
    this.done += rows.length;
  }
}
