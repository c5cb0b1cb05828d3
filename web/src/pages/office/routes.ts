import type { Route } from '$lib/router.svelte';

export const officeRoutes: readonly Route[] = [];
