import { systemClock, systemSchedule } from '../../../lambda/common/clock';

describe('system schedule', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('calls back once after the delay', () => {
    const callback = jest.fn();
    systemSchedule(1_000, callback);

    jest.advanceTimersByTime(999);
    expect(callback).not.toHaveBeenCalled();
    jest.advanceTimersByTime(5_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('never calls back once cancelled', () => {
    const callback = jest.fn();
    systemSchedule(1_000, callback)();

    jest.advanceTimersByTime(5_000);

    expect(callback).not.toHaveBeenCalled();
  });
});

test('the system clock tells today in milliseconds and never runs back', () => {
  expect(systemClock.epochMs()).toBeGreaterThan(Date.UTC(2025, 0, 1));
  const before = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before);
});
