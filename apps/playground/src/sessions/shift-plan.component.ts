import { LiveComponent, OnEvent, Payload, RequirePermissions, State } from 'nest-live';

/** No role is named here: what editors and viewers may do stands in one place, `forRoot({ roles })`. */
@LiveComponent('shift-plan')
@RequirePermissions('shifts:read')
export class ShiftPlan {
  @State() shifts = [
    { day: 'Monday', taken: true },
    { day: 'Tuesday', taken: false },
    { day: 'Wednesday', taken: false },
  ];

  @OnEvent()
  @RequirePermissions('shifts:write')
  toggle(@Payload('day') day: string): void {
    this.shifts = this.shifts.map((shift) => (shift.day === day ? { ...shift, taken: !shift.taken } : shift));
  }
}
