const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/**
 * Operations at a fixed rate, whether or not the last ones are answered; a client that still waits is late with its next, and
 * what it is late by counts. @returns latencies in microseconds
 */
export const paced = (sessions, { perSecond, ms }) =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const wanted = Math.max(1, Math.floor((perSecond * ms) / 1000));
    const latencies = [];
    const idle = [...sessions];
    let sent = 0;
    const finish = () => {
      latencies.sort((a, b) => a - b);
      const micros = (share) => quantile(latencies, share) * 1000;
      resolve({ operations: wanted, p50: micros(0.5), p99: micros(0.99) });
    };
    const send = () => {
      while (idle.length > 0 && sent < wanted) {
        const due = began + (sent / perSecond) * 1000;
        if (performance.now() < due) break;
        const session = idle.shift();
        sent += 1;
        session.next(() => {
          latencies.push(performance.now() - due);
          idle.push(session);
          if (latencies.length === wanted) finish();
        }, reject);
      }
      // Timers are too coarse for what is measured.
      if (sent < wanted) setImmediate(send);
    };
    send();
  });
