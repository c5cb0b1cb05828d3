/** What waits for a contact point in exchanges: which states to ask for, and how to know that it is this person's turn. */
import { now, today } from '$lib/clock.svelte';
import type { Exchange, State } from '../exchange/states';

export const QUEUES = ['validate', 'sign', 'report', 'late'] as const;
export type Queue = (typeof QUEUES)[number];

export interface Waits {
  states: readonly State[];
  /** Whether an exchange in one of these states belongs in the queue. */
  has: (exchange: Exchange) => boolean;
  /** Since when, or until when it should have been done. */
  since: (exchange: Exchange) => string;
  /** The part of the exchange's page where it is done. */
  part: string;
}

const may = (...moves: string[]) => (exchange: Exchange) => moves.some((each) => exchange.moves.includes(each));
const isPast = (on: string | null) => on !== null && on < today();
const isLate = (exchange: Exchange) => dateMissed(exchange) !== null;

/** The date that an exchange has let pass: the arrival, the end of the stay, the report. */
export function dateMissed(exchange: Exchange): { what: 'arrival' | 'departure' | 'report'; on: string } | null {
  if (exchange.state === 'ready' && isPast(exchange.start)) return { what: 'arrival', on: exchange.start! };
  if (exchange.state === 'running' && isPast(exchange.end)) return { what: 'departure', on: exchange.end! };
  if (['ended', 'report_returned'].includes(exchange.state) && isPast(exchange.report_due_on)) return { what: 'report', on: exchange.report_due_on! };
  return null;
}

export const WAITS: Record<Queue, Waits> = {
  validate: { states: ['submitted'], has: may('validate_commitment'), since: (each) => each.changed_at, part: 'plan' },
  sign: { states: ['validated', 'signing', 'signed'], has: may('sign_commitment', 'sign_financial_agreement'), since: (each) => each.changed_at, part: 'agreements' },
  report: { states: ['report_submitted'], has: may('validate_report'), since: (each) => each.changed_at, part: 'report' },
  late: { states: ['ready', 'running', 'ended', 'report_returned'], has: isLate, since: (each) => dateMissed(each)?.on ?? each.changed_at, part: '' },
};

/** Every state that any queue asks for. */
export const WAITING_STATES = [...new Set(QUEUES.flatMap((each) => WAITS[each].states))];

/** Whole days since a moment or day. */
export const daysSince = (since: string, at = now()): number => Math.max(0, Math.floor((at - new Date(since).getTime()) / 86_400_000));
