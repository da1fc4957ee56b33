/** Routes that answer whoever asks: a probe says nothing of its caller, and one that fails restarts the service. */
export const PROBES = /^\/api\/v1\/health\/(?:live|ready)$/;
