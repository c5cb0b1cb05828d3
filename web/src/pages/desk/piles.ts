/** What waits for a contact point in exchanges, pile by pile; which exchanges lie on one is the API's to say. */
import { now, today } from '$lib/clock.svelte';
import type { Schemas } from '$lib/api';
import type { Exchange } from '../exchange/states';

export type Pile = Schemas['agreements.Pile']['pile'];

export interface Waits {
  /** Since when it waits, or until when it should have been done. */
  since: (exchange: Exchange) => string;
  /** The part of the exchange's page where it is done. */
  part: string;
}

const isPast = (on: string | null) => on !== null && on < today();

/** The date that an exchange has let pass: the arrival, the end of the stay, the report. */
export function dateMissed(exchange: Exchange): { what: 'arrival' | 'departure' | 'report'; on: string } | null {
  if (exchange.state === 'ready' && isPast(exchange.start)) return { what: 'arrival', on: exchange.start! };
  if (exchange.state === 'running' && isPast(exchange.end)) return { what: 'departure', on: exchange.end! };
  if (['ended', 'report_returned'].includes(exchange.state) && isPast(exchange.report_due_on)) return { what: 'report', on: exchange.report_due_on! };
  return null;
}

export const WAITS: Record<Pile, Waits> = {
  validate: { since: (each) => each.changed_at, part: 'plan' },
  sign: { since: (each) => each.changed_at, part: 'agreements' },
  report: { since: (each) => each.changed_at, part: 'report' },
  late: { since: (each) => dateMissed(each)?.on ?? each.changed_at, part: '' },
};

export const PILES = Object.keys(WAITS) as Pile[];

/** Whole days since a moment or day. */
export const daysSince = (since: string, at = now()): number => Math.max(0, Math.floor((at - new Date(since).getTime()) / 86_400_000));
