/** The few choices a browser remembers: language, appearance. Nothing of a person and nothing secret. */
export const kept = {
  read(name: string): string | null {
    try {
      return localStorage.getItem(`clusterxchange.${name}`);
    } catch {
      return null;
    }
  },
  write(name: string, value: string): void {
    try {
      localStorage.setItem(`clusterxchange.${name}`, value);
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  },
};
