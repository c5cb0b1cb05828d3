/** The way of an exchange from match to payment, and where a state stands on it. */
import type { Schemas } from '$lib/api';
import type { Tone } from '../participant/states';

export type Exchange = Schemas['agreements.ExchangeView'];
export type State = Exchange['state'];

export const WAY = ['planning', 'validation', 'signing', 'visit', 'report', 'payment'] as const;
export type Stretch = (typeof WAY)[number];

/** On which stretch of the way each state is; side exits have left it. */
const AT: Partial<Record<State, Stretch>> = {
  planning: 'planning', changes_requested: 'planning', submitted: 'validation', validated: 'signing', signing: 'signing', signed: 'signing',
  ready: 'visit', running: 'visit', ended: 'report', report_submitted: 'report', report_returned: 'report', report_validated: 'payment',
};

export const stretchOf = (state: State): Stretch | null => AT[state] ?? null;

export function exchangeTone(state: State): Tone {
  if (['cancelled', 'terminated', 'no_show'].includes(state)) return 'bad';
  if (['changes_requested', 'report_returned'].includes(state)) return 'warn';
  return ['ready', 'running', 'report_validated'].includes(state) ? 'good' : 'info';
}

export const ENDED: readonly State[] = ['cancelled', 'terminated', 'no_show'];
