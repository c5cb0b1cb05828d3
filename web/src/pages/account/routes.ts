import type { Route } from '$lib/router.svelte';

export const accountRoutes: readonly Route[] = [{ path: '/log-in', page: () => import('./LogIn.svelte'), title: 'account.logIn', may: 'anyone' }];
