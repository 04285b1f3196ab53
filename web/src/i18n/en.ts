// Words of the screens: English. Keys are those of zh-CN.ts (a test compares them).
export default {
  app: { name: 'Mineward', short: 'Mineward', tag: 'Mine safety supervision', idea: 'Regulation is data; evidence is data. The system compares the two all the time and says who must act by when, under which clause.' },
  common: {
    all: 'All', back: 'Back', beijing: '(Beijing time)', cancel: 'Cancel', chinese: 'Chinese', close: 'Close', comma: ', ', confirm: 'OK', empty: 'Nothing here', english: 'English',
    language: 'Language', loading: 'Loading', more: 'Load more', no: 'No', none: 'None', retry: 'Try again', skip: 'Skip to content', stay: 'Stay', toChinese: '中文', toEnglish: 'EN', yes: 'Yes',
    yuan: '¥ {amount}', yuanUnit: 'yuan',
  },
  duration: { d: '{n} d', h: '{n} h', min: '{n} min', s: '{n} s' },
  nav: {
    main: 'Main navigation', board: 'Board', live: 'Live', alarms: 'Alarms', hazards: 'Hazards', duties: 'Duties', forms: 'Forms', clauses: 'Clauses', uploads: 'Uploads', records: 'Records', accounts: 'Accounts', organisations: 'Organisations',
    packs: 'Rule packs', log: 'Change log', me: 'My account', more: 'More', search: 'Search', todo: 'To do', group: { work: 'Work', admin: 'Administration' },
  },
  signIn: {
    title: 'Sign in', name: 'Account', password: 'Password', button: 'Sign in', out: 'Sign out', ended: 'Your session has ended. Please sign in again.', help: 'Forgot the password? Ask the system administrator of your organisation to reset it.',
  },
  password: {
    title: 'Change password', must: 'This is your first sign-in, or your password was reset. Please set a new one.', old: 'Current password', new: 'New password', again: 'New password again', rule: 'At least {n} characters, without the account name.', button: 'Change password',
    short: 'At least {n} characters', holdsName: 'Must not contain the account name', same: 'Must differ from the current one', differs: 'The two do not agree', wrong: 'The current password is wrong', done: 'Password changed',
  },
  error: {
    bad_credentials: 'Account or password is wrong', locked: 'Too many failures; the account is locked. Try again in about {minutes} min', bad_input: 'Something in it is wrong; please check', bad_json: 'The request was garbled', too_slow: 'The request took too long to arrive; check the network', unauthenticated: 'Please sign in', forbidden: 'Your role may not do this',
    not_found: 'Not found, or not within your scope', conflict: 'Somebody else changed it; reload and try again', too_large: 'The file is too large', unsupported: 'This kind of file is not accepted', too_many: 'Too many requests; try again shortly', disk_full: 'The server\'s disk is full; nothing was saved. Tell the administrator', unavailable: 'The service is not available now; try again shortly',
    internal: 'Something went wrong; try again shortly', offline: 'The server cannot be reached; check the network', must_change_password: 'Please change your password first',
  },
  fault: {
    reason_required: 'Please give a reason', required: 'Required', too_long: 'Too long', out_of_range: 'Out of range', bad_format: 'Wrong format', unknown_code: 'Not one of the choices', not_unique: 'This value exists already', not_found: 'What was chosen does not exist', read_only: 'Cannot be changed',
    unknown_field: 'No such field', same_person: 'Another person must do this', evidence: 'Please add evidence', bad_file: 'This file is not accepted', rule: 'Not as the rule demands', not_stored: 'This node has no key to store it with', other: 'Not right',
  },
  fileFault: {
    E_TERM: 'Cut off: the end mark is missing', E_FIELDS: 'Wrong number of fields', E_NAME: 'Wrong file name', E_HEAD: 'Wrong header', E_TYPE: 'Wrong data type', E_ENC: 'Wrong character encoding', E_DUP: 'Sent before',
    E_DECRYPT: 'Cannot be decrypted', E_UNKNOWN_POINT: 'Point without definition', E_STALE: 'Too old', E_MINE: 'Mine code not registered', E_FUTURE: 'Time in the future',
  },
  grade: { red: 'Red', orange: 'Orange', yellow: 'Yellow', blue: 'Blue' },
  quality: { stale: 'Out of date', doubtful: 'Doubtful' },
  live: { off: 'Not connected', connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', staleSince: 'Stale since {time}', tryNow: 'Reconnect now' },
  search: { title: 'Search', placeholder: 'Search alarms, hazards, people, points…', button: 'Search', hint: 'Chinese words of one or two characters work as well.', none: 'Nothing found for "{words}"' },
  help: {
    title: 'Keyboard', search: 'Search', help: 'Show this help', move: 'Down and up in a list', open: 'Open the chosen row', close: 'Close a window, leave the wall mode', tab: 'Move between controls',
    grades: '◆ red, ▲ orange, ■ yellow and ● blue mean warning grades and nothing else, gravest first.',
  },
  board: {
    title: '{name} · Board', asOf: 'As of', wall: 'Wall mode', leaveWall: 'Leave wall mode', totals: 'Totals', ranking: 'Mines by concern', noMines: 'No mines in your scope', score: 'Concern: the higher, the sooner to look', points: 'pts', calm: 'Nothing adds to concern',
    openAlarms: 'Open alarms', unanswered: 'Unanswered', hazards: 'Open hazards', overdue: '{n} overdue', overdueHazards: 'Overdue', people: 'Underground', silence: 'Last data', never: 'Never',
    part: {
      red: 'Red alarms', orange: 'Orange alarms', yellow: 'Yellow alarms', blue: 'Blue alarms', unanswered: 'Unanswered', overdue_hazards: 'Overdue hazards', open_hazards: 'Open hazards', people_over_quota: 'Over quota', hours_of_silence: 'Silence',
    },
  },
  mine: {
    pick: 'Choose a mine', open: 'Live', simulated: 'Simulated data', peopleBelow: '{n} underground', asOf: 'Data of', record: 'Mine record', tabPoints: 'Points', tabPeople: 'People', inAlarm: '{n} in alarm', points: '{n} points', noPoints: 'No points defined yet',
    noPlace: 'Other places', find: 'Find place or code', sensor: 'Sensor', anySensor: 'Any sensor', onlyOdd: 'Only what is not normal', on: 'On', off: 'Off', noValue: 'No data', limit: 'Limit', limits: 'Limits in force', ownLimit: 'Limit sent by the mine', limitSource: 'Source of the limit', code: 'Point code', toAlarm: 'Open the alarm', pointRecord: 'Point record',
  },
  chart: {
    title: 'Curve', range: 'Time range', nothing: 'No data in this time', band: 'Shade: min to max. Blocks: alarms', mean: 'Mean', min: 'Min', max: 'Max', value: 'Value', alarm: 'Alarm', alarmLow: 'Low alarm', cut: 'Cut', restore: 'Restore', none: 'No data',
  },
  people: {
    below: 'People underground', leaders: 'Leaders: {n}', quota: 'Quota {n}', over: 'over quota', unknownArea: 'Unknown area', noAreas: 'No area data', list: 'People', find: 'Name or card', area: 'Area', anyArea: 'Any area', leader: 'Leader', sos: 'SOS', since: 'since', more: 'Show {n} more', nobody: 'Nobody',
  },
  alarms: {
    title: 'Alarms', tab: { raised: 'Unanswered', open: 'Open', closed: 'Closed', all: 'All' }, sound: 'Sound', unanswered: 'Unanswered alarms', noneUnanswered: 'No unanswered alarms', none: 'No alarms fit', waiting: 'Waiting', peak: 'Peak', mean: 'Mean', samples: '{n} samples',
    lasting: 'lasting', cleared: 'cleared', escalated: 'Escalated: {level}', late: 'Late data', planned: 'Planned work', curve: 'Curve', what: 'What happened', handling: 'What was done', unhandled: 'Nothing yet', advice: 'Advice', rule: 'Rule', place: 'Place', subject: 'Subject', limit: 'Limit', limitSource: 'Source of the limit',
    clause: 'Clause', began: 'Began', raisedAt: 'Raised', clearedAt: 'Cleared', evidence: 'Evidence', notCleared: 'The value is not back below the limit; the alarm can be closed once it has cleared.', makeHazard: 'Make a hazard', makeHazardText: 'A hazard will be made from this alarm, linked both ways.', hazardMade: 'Hazard made', openHazard: 'Open the hazard',
  },
  hazards: {
    title: 'Hazards', report: 'Report a hazard', asBoard: 'Board', asList: 'List', tab: { open: 'Open', mine: 'Mine to do', accepting: 'To accept', overdue: 'Overdue', closed: 'Finished', all: 'All' }, none: 'No hazards fit', boardPart: 'Only the latest {n} are shown', fiveItems: 'The five items', notYet: 'Not given',
    finding: 'What was found', rectification: 'Rectification', acceptance: 'Acceptance', overdueBy: '{n} d overdue', dueToday: 'Due today', dueIn: '{n} d left', ownWork: 'You rectified this or are responsible for it; somebody else must accept it.',
  },
  steps: { done: 'Done: {step}', samePerson: 'You are the "{field}" of this record. Another person must take this step, so that one checks the other.', needs: 'Still missing: {field}', danger: 'This cannot be undone. Please be sure.', reason: 'Reason', ask: 'Take the step "{step}" for "{title}"?' },
  conflict: { title: 'Somebody else changed this', text: '{who} changed this record at {when}. Please compare the two versions.', state: 'State now: {state}', field: 'Field', mine: 'Yours', stored: 'Stored', take: 'Drop mine', keep: 'Save mine all the same' },
  history: {
    title: 'History', begin: '{step}: sent for signatures', sign: '{step}: signed', return: '{step}: sent back', raise: 'Raised from this', reason: 'Reason: {reason}', step: 'Step taken', system: 'System', values: '{n} values',
    action: { create: 'Created', update: 'Changed', import: 'Imported', sign_in: 'Signed in', sign_out: 'Signed out', sign_in_failed: 'Sign-in failed', locked: 'Locked', password: 'Password changed', password_reset: 'Password reset', token: 'Token issued', escalate: 'Escalated', clear: 'Cleared', export: 'Exported' },
  },
  records: {
    state: 'State', anyState: 'Any state', any: '{field}: any', words: 'Find', filters: 'Filters', clear: 'Clear', until: 'until', columns: 'Columns', export: 'Export CSV', create: 'New', none: 'No records yet', noMatch: 'Nothing fits', pages: 'Pages', total: '{n} in all', page: 'Page {n}', previous: 'Back', next: 'Next',
    typesHint: 'All records that the packs declare', findType: 'Find a record type or system', noType: 'No such record type', version: 'Version {n}', hideEmpty: 'Hide empty fields', showEmpty: 'Show {n} empty fields', flow: 'Workflow', unnamed: '(no name)', files: '{n} files', file: 'File {n}', picture: 'Picture {n}', pictures: 'Picture', openPicture: 'Open picture {n}', removeFile: 'Remove file {n}', addFile: 'Add files', dropHere: 'or drop them here', sending: 'Sending…',
  },
  signing: {
    title: '{step}: waits for signatures', sign: 'Sign', return: 'Send back', withdraw: 'Withdraw', begun: 'Asked for by {name}', opinion: 'Opinion', signed: 'Signed', returned: 'Sent back',
  },
  clocks: {
    title: 'Time limits', due: 'Due', left: 'left', over: 'over by', from: 'From', ended: 'Done', unverified: 'unverified', unverifiedHint: 'Not compared with the official text yet; must not back a penalty',
    state: { waiting: 'not started', running: 'running', half: 'half gone', soon: 'due soon', paused: 'stands still', overdue: 'overdue', met: 'done in time', met_late: 'done late', over: 'settled' },
  },
  links: {
    title: 'Belongs together', to: 'Raised:', from: 'From:', ask: 'Make a {type} of "{title}". Please fill in what it needs.',
  },
  todo: {
    hint: 'What waits for my signature, and the time limits that run', signatures: 'Waits for my signature', clocks: 'Time limits', all: 'All in my scope', noSignatures: 'Nothing waits for your signature', noClocks: 'No time limit is running',
  },
  form: {
    newTitle: 'New: {type}', save: 'Save', edit: 'Edit', choose: 'Choose', noChoice: 'Nothing to choose', date: 'Choose a date', time: 'Choose a time', required: 'Required', clause: 'Under {clause}', check: 'Something needs correcting; see the marked fields.', created: 'Created', saved: 'Saved', leave: 'Leave', leaveTitle: 'Unsaved changes', leaveText: 'They will be lost.',
  },
  import: {
    button: 'Import', title: 'Import: {type}', text: 'Choose a CSV file in UTF-8 or GB18030. The first row holds the field names, as in an export.', file: 'CSV file', keepGood: 'Take the good rows even if others are wrong', send: 'Import', result: '{created} created, {updated} updated, {unchanged} unchanged', faults: '{n} faults', row: 'Row', column: 'Column', what: 'What is wrong',
  },
  duties: {
    hint: 'Who must do what by when, and under which clause; turns by itself with records, positions and time', tab: { list: 'List', calendar: 'Calendar', matrix: 'Matrix' }, totals: 'Counts by state', duty: 'Duty', rule: 'Duty', subject: 'Who owes it', periodHead: 'Period', due: 'Due', progress: 'Progress', clause: 'Clause',
    state: { upcoming: 'To do', met: 'Done', late: 'Late', missed: 'Missed', met_late: 'Done late' }, limitState: { upcoming: 'Running', met: 'Kept', late: 'Over', missed: 'Broken', met_late: 'Kept again' },
    every: { shift: 'each shift', day: 'daily', week: 'weekly', month: 'monthly', quarter: 'quarterly', half_year: 'half-yearly', year: 'yearly' },
    period: { shift: '{day} {month}, {n} shift', day: '{day} {month}', week: 'Week {n} of {year}', month: '{month} {year}', quarter: '{n} quarter of {year}', half_year: '{half} of {year}', year: 'Year {year}' },
    ordinal: { 1: '1st', 2: '2nd', 3: '3rd', 4: '4th' }, half: { 1: '1st half', 2: '2nd half' }, weekday: { 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat', 7: 'Sun' },
    month: { 1: 'Jan', 2: 'Feb', 3: 'Mar', 4: 'Apr', 5: 'May', 6: 'Jun', 7: 'Jul', 8: 'Aug', 9: 'Sep', 10: 'Oct', 11: 'Nov', 12: 'Dec' }, monthHead: 'Month', previousMonth: 'Previous month', nextMonth: 'Next month',
    none: 'No duties fit', noneHint: 'Try another state, or clear the filters', unconfirmed: '{n} not confirmed by positions', overBy: '{n} over, {most} allowed', climbedTo: 'Reported up to', dueFrom: 'Due from', oneSubject: 'One subject', onlyWanting: 'Only those with late or missed duties', matrixHint: 'A cell shows the gravest state and its count of all, or the progress when there is one; open it for the duties.',
    urgent: 'Urgent duties', overseenBy: 'Overseen by', after: 'after {h} h', evidence: 'Records', noEvidence: 'No record counts yet', counted: 'Counts', notCounted: 'Does not count', happened: 'Happened', doneAt: 'Entered', claims: 'What people say they did', claimsUnconfirmed: '{n} claims have no position record near them and do not count', confirmed: 'Confirmed by positions', notConfirmed: 'No position record confirms it',
    alsoBound: 'Looser rules that apply too', metAt: 'Done at', owner: 'Organisation', doneBy: 'Who can act', otherPeriods: 'Other periods',
  },
  clauses: {
    sum: '{all} clauses, {carried} carried by data', find: 'Find words, number, who is bound', carried: 'Carried', notCarried: 'Not carried', carriedOrNot: 'Carried or not', none: 'No clauses fit', coverage: 'Coverage', documents: 'Documents', systems: 'Systems', what: { duty: 'Duty', form: 'Form', record: 'Record', workflow: 'Workflow', table: 'decision table', limit: 'Limit', alarm_rule: 'Alarm rule' },
    original: 'Original words', howCarried: 'How it is carried', about: 'About', binds: 'Binds', quantities: 'Numbers and times', system: 'System', checkable: 'Checked by', check: { auto: 'The program', evidence: 'Evidence', judgment: 'Human judgement' }, jurisdiction: 'Region', everywhere: 'Whole country', valid: 'Valid', open: 'until further notice',
    standing: 'How everybody stands', nobody: 'Nobody in your scope is bound by it.', counts: 'All periods', last: 'Last period', siblings: 'The same matter in other documents',
  },
  forms: {
    hint: 'Drawn from the records, filed level by level, summed up', none: 'No forms to file', filedBy: 'Filed by:', ownForm: 'Our form', summary: 'Summary and filing', unitHead: 'Unit', blank: 'blank', correct: 'Correct this figure', correctedFrom: 'Corrected: {drawn} from the records, {value} filed', nowIs: 'The records have changed since: now {now}, drawn as {drawn}', isShare: 'Computed from other columns.', sum: 'Sum {n}', hidden: '{n} of them outside your scope', noRecords: 'No records: the figure is zero.',
    action: { open: 'Open the draft', edit: 'Correct', file: 'File', return: 'Return', accept: 'Accept', freeze: 'Freeze' }, ask: { file: 'File the form of {unit}? It cannot be changed afterwards unless it is returned.', return: 'Return the form of {unit}. Please say why.', accept: 'Accept the form of {unit}? It then counts in the summary.', freeze: 'Freeze the form of {unit}? It cannot be returned afterwards.' },
    state: { none: 'Not begun', draft: 'Draft', filed: 'Filed', returned: 'Returned', accepted: 'Accepted', frozen: 'Frozen' }, late: 'Late', filedAt: 'Filed', returnedFor: 'Returned because: {reason}', notOpened: 'Not begun yet. These figures are what the records give now.',
    editHint: 'Change figures in the table; each change needs a reason.', reasonWanted: 'Reason for the correction (required)', takeBack: 'Back to the records', willBe: 'goes back to {n}', corrections: 'Corrections', moved: 'Figures whose records have changed since', summed: '{n} of {of} units summed', counted: 'Counted', missing: 'Not counted', sumHint: 'Sums of accepted and frozen filings only; rates are computed from the sums.', noUnits: 'No units below file it',
    group: { risks: 'Risk lists', hazards: 'Investigation and rectification', penalties: 'Penalties' },
    unit: { number: 'number', items: 'items', groupTimes: 'group-times', personTimes: 'person-times', mineTimes: 'mine-times', times: 'times', places: 'places', tenThousandYuan: '10,000 yuan', faceTimes: 'face-times', sets: 'sets', percent: 'per cent' },
  },
  uploads: {
    title: 'Uploads', tab: { health: 'Health', ledger: 'Files', quarantine: 'Quarantine' }, health: 'Upload health', mine: 'Mine', anyMine: 'Any mine', systemHead: 'System', system: { aqjk: 'Monitoring', rydw: 'Positions', other: 'Other' }, condition: 'Condition',
    mark: { fine: 'Normal', rejects: 'Rejects', lagging: 'Lagging', silent: 'Silent' }, lastFile: 'Last file', lastArrival: 'Arrived', lag: 'Lag', accepted: 'Accepted', rejected: 'Rejected', quarantined: 'Quarantined', gaps: 'Gaps', verdict: 'Verdict', anyVerdict: 'Any verdict',
    verdicts: { accepted: 'Accepted', partial: 'In part', correction: 'Correction', stale: 'Stale', duplicate: 'Duplicate', rejected: 'Rejected', waiting: 'Waiting' }, noFeeds: 'No uploads yet', noRows: 'No files', noQuarantine: 'Nothing is held back', quarantineHint: 'Readings of points without a definition are held back and released when the definition comes.',
    records: '{n} records', badRecords: '{bad} of {all} records wrong', headerTime: 'Time in the header', heldBack: '{n} held back', readings: '{n} readings', reason: { unknown_point: 'Point without definition', no_definition: 'Point without definition' },
  },
  packs: {
    title: 'Rule packs', hint: 'Rules and limits in force, and where they come from', tab: { packs: 'Packs', settings: 'Switched', rules: 'Alarm rules', limits: 'Limits' }, find: 'Find', digest: 'Digest', count: { clauses: 'Clauses', duties: 'Duties', forms: 'Forms', record_types: 'Record types', workflows: 'Workflows', dictionaries: 'Dictionaries', roles: 'Roles', limits: 'Limits', alarm_rules: 'Alarm rules', rules: 'Alarm rules', escalation: 'Escalation steps', dialects: 'Upload dialects', examples: 'Examples' },
    level: { core: 'Core', national: 'National', province: 'Province', city: 'City', county: 'County' }, disabled: 'Off', byPeak: 'Grade by peak', params: 'Parameters', unless: 'Not raised during', suppress: { calibration: 'calibration', late: 'late data', blasting_plan: 'planned blasting', planned_work: 'planned work', stopped: 'stopped mine' },
    escalation: 'Escalation', anyGrade: 'Any grade', after: 'Unanswered for', floor: 'National floor', limitCount: '{n} limits', noSource: 'Our own design', confidence: { C: 'Confirmed', C_field: 'Seen in the field', C_test: 'Seen in test files', G: 'Inferred', U: 'Unconfirmed', D: 'Our default' },
    change: {
      new: 'Switch a pack', title: 'Switch on, off or replace a pack', hint: 'Look at what changes, prepare it, put it in force; all is logged', switchable: 'Switchable', none: 'No pack was switched', noneHint: 'Packs are in force as they say themselves', look: 'What it changes', since: 'in force since', what: 'What', pack: 'Pack', by: 'Replaced by', region: 'Region', first_day: 'First day', last_day: 'Last day (empty: until further notice)', until: 'Look ahead until', reason: 'Reason and approval',
      action: { switch_on: 'Switch on', switch_off: 'Switch off', replace: 'Replace' }, preview: 'Preview', prepare: 'Prepare', prepared: 'Prepared, not yet in force', putInForce: 'Put in force', putInForceText: 'All duties concerned will be computed again under the new rules.', inForce: 'In force', withdraw: 'Withdraw', withdrawReason: 'Reason for withdrawing', withdrawn: 'Withdrawn', first: 'Fill this in and look at the preview first; then it can be prepared.', appear: 'Duties that appear', vanish: 'Duties that vanish', turn: 'Duties that turn', unchanged: 'Unchanged', rules: 'Rules concerned', sample: '{n} of them',
    },
  },
  accounts: {
    tools: 'Account tools', password: 'Reset password', passwordTitle: 'Reset password', passwordText: 'A new password will be made for "{name}"; the old one ends at once.', token: 'Issue token', tokenTitle: 'Issue token', tokenText: 'A new token will be made for "{name}"; the old ones end at once.', disable: 'Disable', enable: 'Enable', disableTitle: 'Disable account', disableText: '"{name}" will no longer be able to sign in.', once: 'Shown this once only. Hand it over or keep it safe now.', copy: 'Copy', copied: 'Copied', copyByHand: 'Please select and copy by hand',
  },
  log: { title: 'Change log', verify: 'Verify the log', ok: 'The log is whole: {n} entries, none altered.', bad: 'The log does not verify. First bad entry: #{n}', actor: 'Who', type: 'Record type', anyType: 'Any record type' },
  me: { account: 'Account', displayName: 'Name', organisation: 'Organisation', level: 'Level', roles: 'Roles', screen: 'Screen', theme: 'Look', light: 'Light', dark: 'Dark', tryTone: 'Try' },
  system: { REG: 'Registers', MON: 'Monitoring and warning', HAZ: 'Hazards', SHF: 'Shifts and people underground', WRK: 'Workers' },
  notFound: { title: 'No such page or record', text: 'It may not exist, or it may be outside your scope.', home: 'To the first page' },
};
