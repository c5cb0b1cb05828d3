import type { Route } from '$lib/router.svelte';

export const deskRoutes: readonly Route[] = [];
