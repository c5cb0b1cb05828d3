/** Whether the system can be reached just now; the shell says so when it cannot. */
class Connection {
  isAway = $state(false);

  away(): void {
    this.isAway = true;
  }

  back(): void {
    this.isAway = false;
  }
}

export const connection = new Connection();
