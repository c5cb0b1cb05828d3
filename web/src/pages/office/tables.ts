/** The dated, sourced rows by which the programme works: where each is read, and how a row is added. */
import { all, api, got, type Page, type Schemas } from '$lib/api';

export interface Row {
  id: string;
  name: string;
  value: string | number;
  valid_from: string;
  source: string;
}

export interface NewRow {
  name: string;
  value: string | number;
  valid_from: string;
  source: string;
}

export interface RuleTable {
  key: 'rates' | 'assistanceFigures' | 'assistanceMethods' | 'exchangeFigures' | 'exchangeMethods' | 'matchingFigures' | 'registrationFigures';
  /** What a value is: euro cents, a whole number, or one of several methods. */
  kind: 'rate' | 'figure' | 'method';
  rows: () => Promise<Row[]>;
  add: (row: NewRow) => Promise<unknown>;
  /** The methods there are, by name. */
  methods?: Readonly<Record<string, readonly string[]>>;
  /** Names that are only read here. */
  fixed?: (name: string) => boolean;
}

interface Figure {
  figure_id: string;
  name: string;
  value: number;
  valid_from: string;
  source: string;
}

const figures = async (page: (after: string | undefined) => Promise<Page<Figure>>): Promise<Row[]> => (await all(page)).map(({ figure_id, ...rest }) => ({ id: figure_id, ...rest }));
const methods = async (page: (after: string | undefined) => Promise<Page<Schemas['figures.DatedMethod']>>): Promise<Row[]> => (await all(page)).map(({ method_id, meaning: _, ...rest }) => ({ id: method_id, ...rest }));
const query = (after: string | undefined) => ({ params: { query: { after, limit: 100 } } });

export const TABLES: readonly RuleTable[] = [
  {
    key: 'rates', kind: 'rate',
    rows: async () => (await all((after) => got(api.GET('/v1/reference/rates', query(after))))).map((each) => ({ id: each.rate_id, name: each.applies_to, value: each.amount.minor, valid_from: each.valid_from, source: each.source })),
    add: ({ name, value, ...rest }) => got(api.POST('/v1/reference/rates', { body: { ...rest, applies_to: name as 'PT', amount: { minor: Number(value), currency: 'EUR' } } })),
  },
  {
    key: 'assistanceFigures', kind: 'figure',
    rows: () => figures((after) => got(api.GET('/v1/reference/assistance-figures', query(after)))),
    add: (row) => got(api.POST('/v1/reference/assistance-figures', { body: row as Schemas['payments.AddFigure'] })),
  },
  {
    key: 'assistanceMethods', kind: 'method', methods: { distance: ['great_circle_of_towns', 'ellipsoid_of_towns'] },
    rows: () => methods((after) => got(api.GET('/v1/reference/assistance-methods', query(after)))),
    add: (row) => got(api.POST('/v1/reference/assistance-methods', { body: row as Schemas['payments.AddAssistanceMethod'] })),
  },
  {
    key: 'exchangeFigures', kind: 'figure',
    rows: () => figures((after) => got(api.GET('/v1/reference/exchange-figures', query(after)))),
    add: (row) => got(api.POST('/v1/reference/exchange-figures', { body: row as Schemas['agreements.AddExchangeFigure'] })),
  },
  {
    key: 'exchangeMethods', kind: 'method', methods: { working_days: ['calendar_without_public_holidays', 'weekdays'] },
    rows: () => methods((after) => got(api.GET('/v1/reference/exchange-methods', query(after)))),
    add: (row) => got(api.POST('/v1/reference/exchange-methods', { body: row as Schemas['agreements.AddExchangeMethod'] })),
  },
  {
    key: 'matchingFigures', kind: 'figure', fixed: (name) => name.startsWith('weight_') || name === 'least_working_days',
    rows: () => figures((after) => got(api.GET('/v1/reference/matching-figures', query(after)))),
    add: (row) => got(api.POST('/v1/reference/matching-figures', { body: row as Schemas['matching.AddMatchingFigure'] })),
  },
  {
    key: 'registrationFigures', kind: 'figure',
    rows: () => figures((after) => got(api.GET('/v1/reference/registration-figures', query(after)))),
    add: (row) => got(api.POST('/v1/reference/registration-figures', { body: row as Schemas['registry.AddRegistrationFigure'] })),
  },
];

/** Rows by name, the newest first; which holds on that day. In the order of what the names are called, where that is an order of names. */
export function byName(rows: readonly Row[], today: string, called: (name: string) => string): { name: string; rows: readonly Row[]; holds: Row | undefined }[] {
  const names = [...new Set(rows.map((each) => each.name))].sort((one, other) => called(one).localeCompare(called(other)));
  return names.map((name) => {
    const own = rows.filter((each) => each.name === name).sort((one, other) => other.valid_from.localeCompare(one.valid_from));
    return { name, rows: own, holds: own.find((each) => each.valid_from <= today) };
  });
}
