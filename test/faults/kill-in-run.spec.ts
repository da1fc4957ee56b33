import { pointBehind, pointsInside } from '../support/kill-points';
import { KillTrial } from '../support/kill-trial';

describe('1: kill -9 in a run', () => {
  let trial: KillTrial;
  beforeAll(async () => {
    trial = await KillTrial.open();
  });
  afterAll(() => trial.close());

  // The slow spec has every point of every chunk.
  const inside = pointsInside(3);
  it.each([inside[1]!, inside[5]!, pointBehind(2)].map((point) => [point.name, point] as const))(
    '%s: the next process ends the run as if nothing had been',
    (_, point) => trial.kill(point),
  );
});
