import type { Route } from '$lib/router.svelte';

export const publicRoutes: readonly Route[] = [
  { path: '/', page: () => import('./Landing.svelte'), title: 'landing.title', may: 'anyone' },
  { path: '/design', page: () => import('./Design.svelte'), title: 'design.title', may: 'anyone' },
];
