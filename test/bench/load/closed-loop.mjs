/** Every client sends its next operation on the answer to the last, until the time is over and all are quiet. */
export const closedLoop = (sessions, ms) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    let operations = 0;
    let busy = sessions.length;
    for (const { next } of sessions) {
      const done = () => {
        operations += 1;
        if (performance.now() - began < ms) {
          next(done, reject);
          return;
        }
        busy -= 1;
        if (busy === 0) resolve({ operations, ms: performance.now() - began });
      };
      next(done, reject);
    }
  });

const bytesOf = (clients) =>
  clients.reduce((sum, { bytes }) => ({ up: sum.up + bytes.up, down: sum.down + bytes.down }), { up: 0, down: 0 });

/** Runs some operations and adds what went over the wire for each of them. */
export const withBytes = async (clients, run) => {
  const before = bytesOf(clients);
  const result = await run();
  const after = bytesOf(clients);
  const each = (way) => (after[way] - before[way]) / result.operations;
  return { ...result, bytesUp: each('up'), bytesDown: each('down') };
};
