/** When somebody wants to be told that participants newly fit a saved search. */
import type { Schemas } from '$lib/api';

export type Alert = Schemas['matching.SavedSearchView']['alert'];
export const ALERTS: readonly Alert[] = ['none', 'at_once', 'daily', 'weekly'];
