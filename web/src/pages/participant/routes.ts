import type { Route } from '$lib/router.svelte';

export const participantRoutes: readonly Route[] = [];
