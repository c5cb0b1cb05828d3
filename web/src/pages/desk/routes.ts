import type { Route } from '$lib/router.svelte';

const CONTACT_POINT = ['registrations', 'agreements'] as const;
const ROUNDS = ['registrations', 'support_officer'] as const;
const PAYING = ['finance', 'support_officer', 'auditor'] as const;

export const deskRoutes: readonly Route[] = [
  { path: '/desk', page: () => import('./Desk.svelte'), title: 'desk.title', may: CONTACT_POINT },
  { path: '/desk/registrations', page: () => import('./Assessments.svelte'), title: 'desk.registrations', may: ['registrations'], under: '/desk' },
  { path: '/desk/registrations/:id', page: () => import('./Assessment.svelte'), title: 'registration.one', may: ['registrations', 'support_officer', 'auditor'], under: '/desk/registrations' },
  { path: '/desk/exchanges', page: () => import('./DeskExchanges.svelte'), title: 'desk.exchanges', may: ['agreements'], under: '/desk' },
  { path: '/desk/conversations', page: () => import('./Conversations.svelte'), title: 'desk.conversations', may: CONTACT_POINT, under: '/desk' },
  { path: '/desk/rounds', page: () => import('./Rounds.svelte'), title: 'rounds.title', may: ROUNDS, under: '/desk' },
  { path: '/desk/rounds/:id', page: () => import('./Round.svelte'), title: 'rounds.one', may: ROUNDS, under: '/desk/rounds' },
  { path: '/desk/partnership', page: () => import('./OwnPartnerships.svelte'), title: 'desk.partnership', may: [...CONTACT_POINT, 'finance'], under: '/desk' },
  { path: '/desk/access', page: () => import('./Accesses.svelte'), title: 'desk.access.title', may: [...CONTACT_POINT, 'finance'], under: '/desk' },
  { path: '/payments', page: () => import('./PayingDesk.svelte'), title: 'paying.title', may: PAYING },
  { path: '/payment-batches', page: () => import('./Batches.svelte'), title: 'paying.batches', may: PAYING, under: '/payments' },
  { path: '/payment-batches/:id', page: () => import('./Batch.svelte'), title: 'paying.batch', may: PAYING, under: '/payment-batches' },
];
