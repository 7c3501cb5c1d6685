/** Cases of one property; a failure prints seed and path, with which it is repeated. `FC_RUNS=20000` looks longer. */
export const RUNS = Number(process.env.FC_RUNS ?? 200);
