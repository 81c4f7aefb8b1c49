import { leastPoint } from './least-point.js';
import { mostPoint } from './most-point.js';
import { otherPoints } from './other-points.js';
import { ownerPoints } from './owner-points.js';
import type { Point } from './point.js';
import { reservationPoint } from './reservation-point.js';
import { isPaused, runningPoint } from './running-points.js';
import type { View } from './view.js';
import { weightsPoint } from './weights-point.js';

/**
 * All that a subject gets in a situation, what matters most first. A paused one gets no CPU, and of that
 * nothing more is said.
 */
export function pointsOf(view: View): readonly Point[] {
  if (view.key === 'owner')
    return [...ownerPoints(view), ...present(weightsPoint(view)), ...ownerMemory(view)];
  if (isPaused(view)) return [...present(runningPoint(view), leastPoint(view)), ...otherPoints(view)];
  return [
    ...present(
      runningPoint(view),
      reservationPoint(view),
      mostPoint(view),
      leastPoint(view),
      weightsPoint(view),
    ),
    ...otherPoints(view),
  ];
}

const present = (...points: readonly (Point | null)[]): readonly Point[] =>
  points.flatMap((point) => point ?? []);

const ownerMemory = (view: View): readonly Point[] =>
  otherPoints(view).filter(({ topic }) => topic === 'memory');
