/** The way of an exchange from match to payment, and where a state stands on it. */
import type { Schemas } from '$lib/api';
import { code, coded, day, fromNow, text } from '$lib/texts.svelte';
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

/** The programme's steps that an exchange goes through; a to e led to it. */
export const STEPS = ['ae', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const;
export type StepName = (typeof STEPS)[number];

const STEP_OF: Partial<Record<State, StepName>> = {
  planning: 'f', changes_requested: 'g', submitted: 'g', validated: 'h', signing: 'h', signed: 'i',
  ready: 'j', running: 'j', ended: 'k', report_submitted: 'k', report_returned: 'k', report_validated: 'l',
};

/** On which step a state is: a plan that was begun is written as the commitment, step g. */
export const stepOf = (exchange: Exchange): StepName | null => (exchange.state === 'planning' && exchange.commitment_number > 0 ? 'g' : (STEP_OF[exchange.state] ?? null));

/** By when the next thing has to be done, and in what sense; null where no day is set. */
export function dueOf(exchange: Exchange): { sense: 'before' | 'on' | 'by'; day: string } | null {
  const step = stepOf(exchange);
  if (exchange.state === 'running') return exchange.end ? { sense: 'by', day: exchange.end } : null;
  if (exchange.state === 'ready') return exchange.start ? { sense: 'on', day: exchange.start } : null;
  if (step === 'g' || step === 'h' || step === 'i') return exchange.start ? { sense: 'before', day: exchange.start } : null;
  if (exchange.state === 'ended' || exchange.state === 'report_returned') return exchange.report_due_on ? { sense: 'by', day: exchange.report_due_on } : null;
  return null;
}

export function dueWords(exchange: Exchange): string {
  const due = dueOf(exchange);
  return due ? text(`exchange.due.${due.sense}`, { day: day(due.day), left: fromNow(due.day) }) : '';
}

/** In which of my capacities it waits for me. */
const myTurns = ({ waiting_for: who, capacities }: Exchange): string[] => who.filter((role) => capacities.includes(role));

const SIGNING: readonly State[] = ['validated', 'signing', 'signed'];
const canSign = ({ moves }: Exchange, kind: 'commitment' | 'financial_agreement'): boolean => moves.includes(`sign_${kind}`);

/** Whether it is my turn; who waits for a text that is not there yet to sign has none. */
export const isMine = (exchange: Exchange): boolean =>
  SIGNING.includes(exchange.state) ? canSign(exchange, 'commitment') || canSign(exchange, 'financial_agreement') : myTurns(exchange).length > 0;

const AFTER_THE_STAY: readonly State[] = ['ended', 'report_submitted', 'report_returned', 'report_validated'];

/** What I have to do, as whom it waits for: a host has one thing left after the stay. */
export function taskOf(exchange: Exchange): string {
  const isHostsLast = AFTER_THE_STAY.includes(exchange.state) && myTurns(exchange).every((role) => role === 'host');
  const signing = canSign(exchange, 'commitment') ? 'sign_commitment' : 'sign_financial_agreement';
  const task = SIGNING.includes(exchange.state) ? signing : isHostsLast ? 'confirm_days' : exchange.state;
  return coded(`exchange.toDo.${task}`, meaningOf(exchange));
}

export function exchangeTone(state: State): Tone {
  if (['cancelled', 'terminated', 'no_show'].includes(state)) return 'bad';
  if (['changes_requested', 'report_returned'].includes(state)) return 'warn';
  return ['ready', 'running', 'report_validated'].includes(state) ? 'good' : 'info';
}

/** Its state in a word or two; once its money is settled, that. */
export const standingOf = ({ state, payment }: Exchange): string => (isSettled(state, payment) ? code('exchange_payment', payment) : code('exchange_state', state));

/** What that means. */
export const meaningOf = ({ state, payment, meaning }: Exchange): string =>
  isSettled(state, payment) ? text(payment === 'paid' ? 'exchange.allPaid' : 'exchange.nothingDue') : coded(`codes.exchange_meaning.${state}`, meaning);

const isSettled = (state: State, payment: Exchange['payment']) => state === 'report_validated' && (payment === 'paid' || payment === 'nothing_due');

/** Whether anything is still to come of it. */
export const isOpen = (exchange: Exchange): boolean => !ENDED.includes(exchange.state) && !isSettled(exchange.state, exchange.payment);

export const ENDED: readonly State[] = ['cancelled', 'terminated', 'no_show'];

/** Every state, in the order of the way; side exits last. */
export const STATES: readonly State[] = [
  'planning', 'submitted', 'changes_requested', 'validated', 'signing', 'signed', 'ready', 'running', 'ended', 'report_submitted', 'report_returned', 'report_validated',
  'cancelled', 'terminated', 'no_show',
];
