/** The programme's countries as the atlas names them: ISO 3166-1 numbers; Kosovo* has none there and goes by its name. */
export const NUMERIC: Record<string, string> = {
  AL: '008', AM: '051', AT: '040', BA: '070', BE: '056', BG: '100', CY: '196', CZ: '203', DE: '276', DK: '208', EE: '233', EL: '300', ES: '724',
  FI: '246', FR: '250', HR: '191', HU: '348', IE: '372', IS: '352', IT: '380', LI: '438', LT: '440', LU: '442', LV: '428', MD: '498', ME: '499',
  MK: '807', MT: '470', NL: '528', NO: '578', PL: '616', PT: '620', RO: '642', RS: '688', SE: '752', SI: '705', SK: '703', TR: '792', UA: '804',
  UK: '826', XK: '',
};

/** Countries too small for the atlas: longitude and latitude of where their dot stands. */
export const SMALL: Record<string, [number, number]> = { LI: [9.55, 47.16], MT: [14.4, 35.9] };

/** Countries whose middle is said by hand, since islands and far-off regions would draw it into the sea. */
export const MIDDLE: Record<string, [number, number]> = {
  ES: [-3.7, 40.3], FR: [2.4, 46.7], IT: [12.2, 43.2], NO: [9.5, 61.2], PT: [-8.0, 39.6], SE: [15.5, 61.0], FI: [26.0, 62.8], HR: [16.4, 45.6],
  EL: [22.2, 39.4], UK: [-1.8, 52.8], DK: [9.4, 56.0], TR: [31.5, 39.2], UA: [31.0, 49.0], AM: [40.2, 40.4], IS: [-18.8, 64.9], EE: [25.6, 58.7],
};
