import type { Route } from '$lib/router.svelte';

export const accountRoutes: readonly Route[] = [
  { path: '/log-in', page: () => import('./LogIn.svelte'), title: 'account.logIn', may: 'anyone' },
  { path: '/register', page: () => import('./Register.svelte'), title: 'account.create', may: 'anyone' },
  { path: '/confirm', page: () => import('./Confirm.svelte'), title: 'account.confirm', may: 'anyone' },
  { path: '/new-password', page: () => import('./NewPassword.svelte'), title: 'account.newPassword', may: 'anyone' },
  { path: '/account', page: () => import('./Account.svelte'), title: 'account.mine', may: 'signed_in' },
  { path: '/notices', page: () => import('./Notices.svelte'), title: 'notices.title', may: 'signed_in' },
];
