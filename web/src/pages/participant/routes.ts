import type { Route } from '$lib/router.svelte';

export const participantRoutes: readonly Route[] = [
  { path: '/me', page: () => import('./MyTasks.svelte'), title: 'tasks.title', may: 'signed_in' },
  { path: '/registrations', page: () => import('./Registrations.svelte'), title: 'registration.all', may: 'signed_in' },
  { path: '/registrations/new', page: () => import('./NewRegistration.svelte'), title: 'registration.new', may: 'signed_in', under: '/registrations' },
  { path: '/registrations/:id', page: () => import('./Registration.svelte'), title: 'registration.one', may: 'signed_in', under: '/registrations' },
];
