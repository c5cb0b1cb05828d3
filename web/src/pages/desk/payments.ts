/** What waits for a paying officer, pile by pile, in the order in which a payment goes through them. */
import type { Schemas } from '$lib/api';

export const PILES = ['evidence', 'payable', 'proposed', 'ordered', 'exported', 'failed', 'overpaid'] as const;
export type PayPile = (typeof PILES)[number];

/** The pile that a payment lies on, if it lies on one. */
export function pileOf(payment: Pick<Schemas['payments.PaymentView'], 'state'>): PayPile | null {
  return PILES.find((each) => each === payment.state) ?? null;
}
