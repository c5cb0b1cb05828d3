/** The map of Europe: its shapes, where each country's middle is, and how a place on earth becomes a point of the picture. */
import { geoConicConformal, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json';
import { MIDDLE, NUMERIC, SMALL } from './atlas';

export const WIDTH = 640;
export const HEIGHT = 560;

const topology = atlas as unknown as Topology<{ countries: GeometryCollection<{ name: string }> }>;
const projection = geoConicConformal().rotate([-15, 0]).center([2, 52.5]).parallels([38, 62]).scale(760).translate([WIDTH / 2, HEIGHT / 2]).clipExtent([[0, 0], [WIDTH, HEIGHT]]);
const path = geoPath(projection);
const byNumber = Object.fromEntries(Object.entries(NUMERIC).map(([code, id]) => [id, code]));
const features = feature(topology, topology.objects.countries).features;
const codeOf = (each: (typeof features)[number]) => (each.properties.name === 'Kosovo' ? 'XK' : byNumber[String(each.id)]);

export const shapes = features.map((each) => ({ code: codeOf(each), d: path(each) })).filter((each): each is { code: string | undefined; d: string } => each.d !== null);
export const dots = Object.entries(SMALL).map(([code, place]) => ({ code, at: projection(place) ?? ([0, 0] as [number, number]) }));

/** The middle of a country on the picture; where far-off regions would draw it away (France, Norway, Spain), of its mainland. */
export function middleOf(code: string): [number, number] | null {
  const place = SMALL[code] ?? MIDDLE[code];
  if (place) return projection(place);
  const shape = features.find((each) => codeOf(each) === code);
  return shape ? path.centroid(shape) : null;
}

/** Where a place on earth lies on the picture; null for what is outside of it. */
export function pointOf(longitude: number, latitude: number): [number, number] | null {
  const at = projection([longitude, latitude]);
  return at && at[0] >= 0 && at[0] <= WIDTH && at[1] >= 0 && at[1] <= HEIGHT ? at : null;
}
