import type { Route } from '$lib/router.svelte';

const CONCERNED = ['representative', 'agreements', 'finance', 'support_officer', 'auditor'] as const;

export const exchangeRoutes: readonly Route[] = [
  { path: '/exchanges', page: () => import('./Exchanges.svelte'), title: 'exchange.all', may: CONCERNED },
  { path: '/exchanges/:id', page: () => import('./Exchange.svelte'), title: 'exchange.one', may: CONCERNED, under: '/exchanges' },
];
