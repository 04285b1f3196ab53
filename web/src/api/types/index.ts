// What the server sends and takes, as docs/api.md says. The one place where these shapes are written down.
// Ids are text; times are RFC 3339 with +08:00; dates yyyy-MM-dd; money is text in yuan.
// One file an area; everything is imported from here.
export * from './basics';
export * from './errors';
export * from './session';
export * from './catalogue';
export * from './packs';
export * from './records';
export * from './ledgers';
export * from './monitoring';
export * from './uploads';
export * from './live';
export * from './duties';
export * from './clauses';
export * from './settings';
export * from './forms';
export * from './home';
export * from './exams';
export * from './lists';
export * from './tips';
export * from './papers';
