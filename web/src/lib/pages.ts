/** The page that shows a thing of the API: its address without the version. */
export function pageOf(link: string): string {
  return link.replace(/^\/v1(?=\/)/, '');
}
