/** The dates of one's exchanges: visits planned, agreed and running, closing reports and payments due. */
import type { Schemas } from '$lib/api';
import { text } from '$lib/texts.svelte';
import type { Entry } from '$lib/ics';
import { meaningOf, standingOf, type Exchange } from '../exchange/states';

export type Kind = 'planned' | 'agreed' | 'running' | 'over' | 'report' | 'evidence' | 'payment' | 'paid';
export interface Dated extends Entry {
  kind: Kind;
  exchange: Exchange;
}

type Payment = Schemas['payments.PaymentView'];

const OFF: readonly Exchange['state'][] = ['cancelled', 'no_show'];
const REPORT_OPEN: readonly Exchange['state'][] = ['ended', 'report_returned'];

/** All dates of these exchanges, the earliest first. */
export function datesOf(exchanges: readonly Exchange[], payments: readonly Payment[]): Dated[] {
  const owed = new Map(payments.map((each) => [each.exchange_id, each]));
  const found = exchanges.flatMap((each) => [...visit(each), ...report(each), ...evidence(each, owed.get(each.exchange_id)), ...money(each, owed.get(each.exchange_id))]);
  return found.sort((one, other) => one.first.localeCompare(other.first) || one.title.localeCompare(other.title));
}

function visit(exchange: Exchange): Dated[] {
  const [first, last] = [exchange.started_on ?? exchange.start, exchange.ended_on ?? exchange.end];
  return first && last && !OFF.includes(exchange.state) ? [dated(exchange, stayOf(exchange), first, last < first ? first : last)] : [];
}

function stayOf(exchange: Exchange): Kind {
  if (exchange.state === 'running') return 'running';
  if (exchange.started_on) return 'over';
  return exchange.state === 'ready' || exchange.state === 'signed' ? 'agreed' : 'planned';
}

function report(exchange: Exchange): Dated[] {
  return exchange.report_due_on && REPORT_OPEN.includes(exchange.state) ? [dated(exchange, 'report', exchange.report_due_on)] : [];
}

function evidence(exchange: Exchange, payment: Payment | undefined): Dated[] {
  return payment?.evidence_due_on && payment.waiting_for.includes('evidence') ? [dated(exchange, 'evidence', payment.evidence_due_on)] : [];
}

function money(exchange: Exchange, payment: Payment | undefined): Dated[] {
  if (payment?.paid_on) return [dated(exchange, 'paid', payment.paid_on)];
  return payment?.due_by ? [dated(exchange, 'payment', payment.due_by)] : [];
}

function dated(exchange: Exchange, kind: Kind, first: string, last = first): Dated {
  const stay = ['planned', 'agreed', 'running', 'over'].includes(kind);
  return {
    kind, exchange, first, last,
    uid: `${exchange.exchange_id}-${stay ? 'visit' : kind}@clusterxchange`,
    title: text(`calendar.kind.${kind}`, { visitor: exchange.visitor.name, host: exchange.host.name }),
    about: `${standingOf(exchange)}. ${meaningOf(exchange)}`,
    link: `${location.origin}/exchanges/${exchange.exchange_id}`,
  };
}

/** The days of the weeks that a month touches, Monday first. */
export function weeksOf(month: string): string[][] {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const first = new Date(Date.UTC(year, number - 1, 1));
  const start = new Date(first);
  start.setUTCDate(1 - ((first.getUTCDay() + 6) % 7));
  const weeks: string[][] = [];
  for (const at = start; weeks.length === 0 || (at.getUTCMonth() === number - 1 && at.getUTCFullYear() === year); ) {
    weeks.push(Array.from({ length: 7 }, () => {
      const day = at.toISOString().slice(0, 10);
      at.setUTCDate(at.getUTCDate() + 1);
      return day;
    }));
  }
  return weeks;
}

/** The month so many months on. */
export function monthOn(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}
