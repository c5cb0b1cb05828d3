/** What waits for a paying officer, pile by pile, in the order in which a payment goes through them. */
import type { Schemas } from '$lib/api';

export type PayPile = Schemas['payments.PaymentPile']['pile'];
export const PILES: readonly PayPile[] = ['review', 'evidence', 'payable', 'proposed', 'ordered', 'exported', 'failed', 'overpaid'];
