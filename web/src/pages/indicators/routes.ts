import type { Route } from '$lib/router.svelte';

export const COUNTERS = ['registrations', 'agreements', 'finance', 'support_officer', 'auditor', 'administrator'] as const;

export const indicatorRoutes: readonly Route[] = [{ path: '/indicators', page: () => import('./Indicators.svelte'), title: 'indicators.title', may: COUNTERS }];
