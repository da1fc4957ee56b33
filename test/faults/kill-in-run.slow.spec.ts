import { KILL_RUN, POINT_IN_THE_END, pointBehind, pointsInside } from '../support/kill-points';
import { KillTrial } from '../support/kill-trial';

const POINTS = [
  pointBehind(0),
  ...Array.from({ length: KILL_RUN.chunks }, (_, i) => [...pointsInside(i + 1), pointBehind(i + 1)]).flat(),
  POINT_IN_THE_END,
];

describe('1: kill -9 in a run, at every boundary and in every chunk', () => {
  let trial: KillTrial;
  beforeAll(async () => {
    trial = await KillTrial.open();
  });
  afterAll(() => trial.close());

  it.each(POINTS.map((point) => [point.name, point] as const))(
    '%s: the next process ends the run as if nothing had been',
    (_, point) => trial.kill(point),
  );

  it('the next process takes the run over by itself once the lease of 20 seconds has run out', () =>
    trial.kill(pointBehind(3), { leaseRunsOut: true }));
});
