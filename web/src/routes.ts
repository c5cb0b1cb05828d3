/** Every page, on one page; each area lists its own. */
import type { Route } from '$lib/router.svelte';
import { accountRoutes } from './pages/account/routes';
import { deskRoutes } from './pages/desk/routes';
import { exchangeRoutes } from './pages/exchange/routes';
import { indicatorRoutes } from './pages/indicators/routes';
import { officeRoutes } from './pages/office/routes';
import { participantRoutes } from './pages/participant/routes';
import { publicRoutes } from './pages/public/routes';

export const routes: readonly Route[] = [...publicRoutes, ...accountRoutes, ...participantRoutes, ...exchangeRoutes, ...deskRoutes, ...indicatorRoutes, ...officeRoutes];
