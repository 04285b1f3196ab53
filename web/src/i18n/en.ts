// Words of the screens: English. Keys are those of zh-CN.ts (a test compares them).
export default {
  app: { name: 'Mineward', short: 'Mineward', tag: 'Mine safety supervision', idea: 'Regulation is data; evidence is data. The system compares the two all the time and says who must act by when, under which clause.' },
  common: {
    all: 'All', back: 'Back', beijing: '(Beijing time)', cancel: 'Cancel', chinese: 'Chinese', close: 'Close', comma: ', ', confirm: 'OK', empty: 'Nothing here', english: 'English',
    language: 'Language', loading: 'Loading', more: 'Load more', no: 'No', none: 'None', retry: 'Try again', skip: 'Skip to content', stay: 'Stay', toChinese: '中文', toEnglish: 'EN', yes: 'Yes',
    yuan: '¥ {amount}', yuanUnit: 'yuan',
  },
  units: {
    hour: 'h', day: 'd', minute: 'min', second: 's', year: 'year | years', month: 'month | months', age: 'year old | years old', person: 'person | people', point: 'point | points', classHour: 'class hour | class hours', place: 'place | places', channel: 'channel | channels', question: 'question | questions', time: 'time | times', item: 'item | items', instalment: 'instalment | instalments', case: 'case | cases',
    firm: 'firm | firms', machine: 'machine | machines', set: 'set | sets', circuit: 'circuit | circuits', copy: 'copy | copies', building: 'structure | structures', tenThousandTonsYear: '×10,000 t/a', tenThousandTons: '×10,000 t', tenThousandCubicMetres: '×10,000 m³',
  },
  duration: { d: '{n} d', h: '{n} h', min: '{n} min', s: '{n} s' },
  nav: {
    main: 'Main navigation', posters: 'Tip-off codes', home: 'Home', board: 'Board', live: 'Live', alarms: 'Alarms', report: 'Report', hazards: 'Hazards', duties: 'Duties', forms: 'Forms', clauses: 'Clauses', uploads: 'Uploads', records: 'Records', accounts: 'Accounts', organisations: 'Organisations',
    packs: 'Rule packs', log: 'Change log', me: 'My account', more: 'More', search: 'Search', todo: 'To do', exams: 'Examinations', myExams: 'My examinations', inspections: 'Inspections', group: { work: 'Work', admin: 'Administration' },
  },
  home: {
    title: 'Hello, {name}', late: '{n} late', alarms: 'Alarms that need an answer', mine: 'My mine now', oddPoints: 'Odd points', score: 'Concern', hazards: 'Hazards due today or overdue', noHazards: 'No hazard is due or overdue', duties: 'Owed in the next seven days', noDuties: 'Nothing is owed in the next seven days', todo: 'To sign, and time limits', noTodo: 'Nothing waits for your signature, no time limit runs',
    sign: 'Sign', work: 'Records that wait for me', noWork: 'No record waits for a step of yours', moreTypes: '{n} more kinds', concern: 'Mines by concern', regions: 'Regions by concern', mines: '{n} mines', major: 'Open major hazards', noMajor: 'No major hazard is open', forms: 'Forms of this period', supervision: 'Oversight', overToday: 'Ran out today', packs: 'Rule packs in force', prepared: '{n} switches are prepared and wait to be put in force',
    own: 'My kinds of records', noOwn: 'Your roles handle no records', openOf: '{n} open',
    account: { all: 'All accounts', disabled: 'Disabled', fresh: 'First password not yet changed' },
  },
  flowBoard: {
    title: '{type}: board', open: 'Board', openCount: '{n} open', keys: 'Arrow keys move, Enter opens', rest: '{n} more', organisation: 'Organisation', anyOrganisation: 'All organisations', onlyLate: 'Only late ones', withClosed: 'With closed ones', countdown: 'Countdown', daysLeft: 'days left', daysOver: 'days over',
  },
  mineCard: {
    open: 'Mine card', hint: 'Everything known about this mine', print: 'Print', facts: 'Facts', supervisor: 'Daily supervisor', noSupervisor: 'None assigned', standing: 'How it stands', licences: 'Licences', noLicences: 'No licence is registered', openWork: 'What is open', nothingOpen: 'Nothing is open', allTypes: 'Show all {n} kinds', fewer: 'Show fewer',
    timeline: 'Time line', anySystem: 'All systems', from: 'From', mainOnly: 'Only new records and steps', noEvents: 'Nothing fits', turned: 'now {to}', happened: 'happened', searched: 'Searched back to',
  },
  supervision: {
    title: 'Oversight', hint: 'What regulators and officers did not do in time; a number opens its records', none: 'Nothing was let slip', noRegulators: 'No regulator is within your scope', regulator: 'Regulator', sum: 'Sum', nobody: 'Nobody in particular',
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
    band: ': {least} to {most} ({basis})',
    reason_required: 'Please give a reason', required: 'Required', too_long: 'Too long', out_of_range: 'Out of range', bad_format: 'Wrong format', unknown_code: 'Not one of the choices', not_unique: 'This value exists already', not_found: 'What was chosen does not exist', read_only: 'Cannot be changed',
    unknown_field: 'No such field', same_person: 'Another person must do this', not_first_of_month: 'Expected the first day of a month', not_first_of_quarter: 'Expected the first day of a quarter', not_first_of_half_year: 'Expected the first day of a half-year', not_first_of_year: 'Expected 1 January', evidence: 'Please add evidence', bad_file: 'This file is not accepted', rule: 'Not as the rule demands', not_stored: 'This node has no key to store it with', other: 'Not right',
  },
  fileFault: {
    E_TERM: 'Cut off: the end mark is missing', E_FIELDS: 'Wrong number of fields', E_NAME: 'Wrong file name', E_HEAD: 'Wrong header', E_TYPE: 'Wrong data type', E_ENC: 'Wrong character encoding', E_DUP: 'Sent before',
    E_DECRYPT: 'Cannot be decrypted', E_UNKNOWN_POINT: 'Point without definition', E_STALE: 'Too old', E_MINE: 'Mine code not registered', E_FUTURE: 'Time in the future',
  },
  grade: { red: 'Red', orange: 'Orange', yellow: 'Yellow', blue: 'Blue' },
  quality: { stale: 'Out of date', doubtful: 'Doubtful' },
  live: { off: 'Not connected', connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', staleSince: 'Stale since {time}', tryNow: 'Reconnect now' },
  search: { title: 'Search', placeholder: 'Search alarms, hazards, people, points…', button: 'Search', hint: 'Chinese words of one or two characters work as well.', kinds: 'By record type', most: 'Only the newest 100 are shown: type more words.', none: 'Nothing found for "{words}"' },
  help: {
    title: 'Keyboard', search: 'Search', help: 'Show this help', move: 'Down and up in a list', open: 'Open the chosen row', close: 'Close a window, leave the wall mode', tab: 'Move between controls',
    grades: '◆ red, ▲ orange, ■ yellow and ● blue mean warning grades and nothing else, gravest first.',
  },
  board: {
    title: '{name} · Board', asOf: 'As of', wall: 'Wall mode', leaveWall: 'Leave wall mode', totals: 'Totals', ranking: 'Mines by concern', noMines: 'No mines in your scope', noSupervisor: 'No daily supervisor', supervisorTooLow: 'Supervisor stands too low', andMore: 'and {n} more', assignHint: 'Open the mine and press "Assign the daily supervisor".', assignAbove: 'The city, the province or the head of the regulator assigns one.', score: 'Concern: the higher, the sooner to look', points: 'pts', calm: 'Nothing adds to concern',
    openAlarms: 'Open alarms', unanswered: 'Unanswered', hazards: 'Open hazards', overdue: '{n} overdue', overdueHazards: 'Overdue', people: 'Underground', silence: 'Last data', never: 'Never',
    part: {
      red: 'Red alarms', orange: 'Orange alarms', yellow: 'Yellow alarms', blue: 'Blue alarms', unanswered: 'Unanswered', overdue_hazards: 'Overdue hazards', open_hazards: 'Open hazards', people_over_quota: 'Over quota', hours_of_silence: 'Silence',
    },
  },
  mine: {
    closedNote: 'This mine is closed. Nothing about its production, hazards, people or equipment is entered any more; accidents, enforcement and the patrols of its closure still are.', pick: 'Choose a mine', open: 'Live', simulated: 'Simulated data', peopleBelow: '{n} underground', asOf: 'Data of', record: 'Mine record', tabPoints: 'Points', tabPeople: 'People', inAlarm: '{n} in alarm', points: '{n} point | {n} points', noPoints: 'No points defined yet',
    noPlace: 'Other places', find: 'Find place or code', sensor: 'Sensor', anySensor: 'Any sensor', onlyOdd: 'Only what is not normal', on: 'On', off: 'Off', switch: { running: 'running', stopped: 'stopped', opened: 'open', closed: 'closed', cut: 'power cut', restored: 'power on', live: 'live', dead: 'no power', air: 'air', noAir: 'no air', smoke: 'smoke', noSmoke: 'no smoke', alarm: 'alarm', normal: 'normal' }, noValue: 'No data', limit: 'Limit', limits: 'Limits in force', ownLimit: 'Limit sent by the mine', limitSource: 'Source of the limit', code: 'Point code', toAlarm: 'Open the alarm', pointRecord: 'Point record',
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
  report: {
    title: 'Report', tile: { hazard: 'Report a hazard', self_check: 'Self-check' }, tileHint: { hazard: 'Where, what, a photo: one minute', self_check: 'Item by item for your tier; nothing found is signed' }, draftThere: 'An unsent draft',
    mine: 'What I reported', noneYet: 'You have reported no hazard and made no self-check yet', findings: '{n} found', sent: 'Sent: {number}', keptOffline: 'No connection. It is kept on this phone; press once more when there is one: nothing is entered twice.', restored: 'This is what you had not sent yet.', startAnew: 'Start anew',
    mineField: 'Mine', place: 'Place', placeHint: 'Such as: return airway of face 1301', what: 'What is wrong', whatHint: 'In one sentence', photos: 'Photos', takePhoto: 'Photo', photosMost: 'At most {n} photos', level: 'Level you propose', levelHint: 'May stay open; the safety department grades it',
    majorHint: 'If it may be a major hazard: stop work in the area, withdraw people and tell the dispatcher first.', more: 'More (if you like)', discipline: 'Discipline', description: 'Description', send: 'Send',
    photoFault: {
      empty: '"{name}" is an empty file', program: '"{name}" is a program and no photo: refused', script: '"{name}" is a script or web page and no photo: refused', document: '"{name}" is a document; choose a photo', archive: '"{name}" is an archive or package and no photo: refused',
      not_image: '"{name}" is no photo; choose a JPG, PNG or WebP', broken: '"{name}" cannot be opened; it may be damaged, take it again',
    },
    tier: 'Tier', checkPlace: 'Where you checked', items: 'Items', answer: { pass: 'In order', fail: 'Not in order', none: 'Not there' }, zeroTitle: 'Nothing found: please sign', zeroText: 'I have looked at every item, found no hazard, and answer for this being true.', signature: 'Signature (name)',
    becomeHazards: 'Sending enters {n} hazards, to be rectified.', sendCheck: 'Send',
    checkFault: { place: 'Say where you checked', found: 'Say what is wrong', open: '{n} items are open: who found nothing has looked at all of them', nothing: 'No item is in order: look at one at least', signature: 'Finding nothing is signed' },
  },
  violations: { person: 'The person', noCertificate: 'No certificate was valid on {day}, and the post needs one.', validTo: 'valid to {day}', attended: '{n} trainings on record', earlier: '{n} violations in the year before' },
  hazards: {
    title: 'Hazards', report: 'Report a hazard', asBoard: 'Board', asList: 'List', tab: { open: 'Open', mine: 'Mine to do', accepting: 'To accept', overdue: 'Overdue', closed: 'Finished', all: 'All' }, none: 'No hazards fit', fiveItems: 'The five items', notYet: 'Not given',
    listing: 'Listing', findCriterion: 'Find by number or words', category: 'Order 774 article 36: {text}', notListed: 'Not reported as major yet: not listed.', reportMajor: 'Report as major', closedByListing: 'It is closed here only after it is delisted.', finding: 'What was found', rectification: 'Rectification', acceptance: 'Acceptance', overdueBy: '{n} d overdue', dueToday: 'Due today', dueIn: '{n} d left', ownWork: 'You rectified this or are responsible for it; somebody else must accept it.',
  },
  steps: { done: 'Done: {step}', samePerson: 'You are the "{field}" of this record. Another person must take this step, so that one checks the other.', needs: 'Still missing: {field}', danger: 'This cannot be undone. Please be sure.', reason: 'Reason', ask: 'Take the step "{step}" for "{title}"?' },
  conflict: { title: 'Somebody else changed this', text: '{who} changed this record at {when}. Please compare the two versions.', state: 'State now: {state}', field: 'Field', mine: 'Yours', stored: 'Stored', take: 'Drop mine', keep: 'Save mine all the same' },
  history: {
    title: 'History', by: 'Changed by {type}, "{step}"', begin: '{step}: sent for signatures', sign: '{step}: signed', return: '{step}: sent back', raise: 'Raised from this', total: 'Added up anew with {type}', remind: 'Reminder: {stage}', remind_seen: 'Reminder seen: {stage}', reason: 'Reason: {reason}', step: 'Step taken', system: 'System', public: 'From the public page', values: '{n} value | {n} values',
    action: { create: 'Created', update: 'Changed', import: 'Imported', import_undo: 'Import taken back', paper: 'Paper issued', sign_in: 'Signed in', sign_out: 'Signed out', sign_in_failed: 'Sign-in failed', locked: 'Locked', password: 'Password changed', password_reset: 'Password reset', token: 'Token issued', escalate: 'Escalated', unseal: 'Looked at sealed fields', clear: 'Cleared', export: 'Exported' },
  },
  records: {
    state: 'State', anyState: 'Any state', any: '{field}: any', words: 'Find', filters: 'Filters', clear: 'Clear', until: 'until', columns: 'Columns', export: 'Export CSV', create: 'New', none: 'No records yet', noMatch: 'Nothing fits', pages: 'Pages', total: '{n} in all', page: 'Page {n}', previous: 'Back', next: 'Next',
    enteredAt: 'Entered', divisionNow: 'now {name} ({code})', divisionUncertain: 'the division of that day is not certain',
    nextHands: 'Next', moreRoles: ', and {n} more', typesHint: 'All records that the packs declare', findType: 'Find a record type or system', noType: 'No such record type', version: 'Version {n}', hideEmpty: 'Hide empty fields', showEmpty: 'Show {n} empty fields', flow: 'Workflow', unnamed: '(no name)', files: '{n} file | {n} files', file: 'File {n}', picture: 'Picture {n}', pictures: 'Picture', openPicture: 'Open picture {n}', removeFile: 'Remove file {n}', heic: '"{name}" is an HEIC photo of an iPhone and cannot be opened here. On the iPhone choose Settings > Camera > Formats > Most Compatible and take it again, or choose a screenshot of it.', addFile: 'Add files', dropHere: 'or drop them here', sending: 'Sending…',
  },
  signing: {
    title: '{step}: waits for signatures', sign: 'Sign', return: 'Send back', withdraw: 'Withdraw', begun: 'Asked for by {name}', opinion: 'Opinion', signed: 'Signed', returned: 'Sent back',
  },
  clocks: {
    title: 'Time limits', due: 'Due', left: 'left', over: 'over by', from: 'From', ended: 'Done', owedBy: 'Owed by', ours: 'A term of this system', unverified: 'unverified', unverifiedHint: 'Not compared with the official text yet; must not back a penalty',
    state: { waiting: 'Not started', running: 'Running', half: 'Half gone', soon: 'Due soon', paused: 'Stands still', overdue: 'Overdue', met: 'Done in time', met_late: 'Done late', over: 'Settled' },
  },
  links: {
    title: 'Belongs together', to: 'Raised:', from: 'From:', ask: '"{title}" becomes: {type}. Please fill in what is needed.', askNothing: '"{title}" becomes: {type}. Everything needed is taken over.',
    more: 'Fill in more ({n} fields)', bunch: '{type}: {n}', each: '{label}: every {type}', eachTitle: 'One for each', eachAsk: '"{label}" once for every {type} in your scope; those that have theirs are passed over.', eachDone: '{made} made, {already} there already',
  },
  reminders: {
    title: 'Reminders', bell: 'Reminders, {n} unread', none: 'No reminder is unread', seen: 'Seen', seenAll: 'All seen', stage: { half: 'half gone', fifths: 'four fifths gone', due: 'due' },
  },
  todo: {
    hint: 'What waits for my signature, and the time limits that run', signatures: 'Waits for my signature', clocks: 'Time limits', all: 'All in my scope', noSignatures: 'Nothing waits for your signature', noClocks: 'No time limit is running',
  },
  visit: {
    onPhone: 'Carry it out', hint: 'Visits assigned to me; they go on without a connection', keptAt: 'kept', away: 'Server out of reach, working offline', plan: 'New task', refresh: 'Refresh', unable: 'This address cannot keep data on the device (HTTPS is needed). Enter the inspection from the records.', none: 'No visit is assigned to you', noneKept: 'No visit is kept on this device; open this page while there is a connection', noneHint: 'A task appears here when a lead inspector and a second officer are assigned.',
    group: { now: 'Under way', today: 'Today', overdue: 'Past the planned day', later: 'Later', done: 'Finished' }, step: { begin: 'To do', go_on: 'Under way', unsent: 'To be sent', sent: 'Sent', finished: 'Signed' }, late: 'overdue', lines: '{n} lines', progress: '{done} of {total} checked, findings: {n}', unsent: '{n} not sent',
    arrived: 'arrived', begin: 'Arrived: begin', openTask: 'Open the task', noList: 'No check-list given', filter: { all: 'All', open: 'Not checked', problem: 'Not in order' }, result: { ok: 'In order', problem: 'Not in order', not_applicable: 'Not applicable' },
    notePhoto: 'Note, photo', note: 'Note', photo: 'Photo', photoNeeded: 'A photo is needed here', noLines: 'No such line', beside: 'Found beside the list', addFinding: 'Add a finding', anotherFinding: 'Another finding', removeFinding: 'Remove', toHazard: 'Raise a hazard too', lacksFields: 'Please fill in: {fields}',
    fileFault: { not_image: 'The content is no picture; it was not taken', too_large: 'The picture is over 20 MiB', empty: 'The file is empty' }, rechecks: 'Earlier findings to recheck', passed: 'Passed', failed: 'Not passed', recheckOpinion: 'Opinion of the recheck',
    signatures: 'Signatures', signed: 'signed', sign: 'Sign', signAgain: 'Sign again', clear: 'Clear', signatureOf: 'Signature of {name}', unitPerson: 'For the mine', unitRefuses: 'The mine refuses to sign', saved: { saving: 'Saving…', kept: 'Kept on this device', failed: 'This device could not keep it: make room, then change it once more' }, finish: 'Finish', goOn: 'Go on', finishTitle: 'Finish the visit', finishText: 'Findings: {n}. What is signed cannot be changed; it is sent to the server in order.', nothingFound: 'Nothing found',
    lacks: 'Not yet:', lineNumber: 'Line {n}', lack: { unanswered: 'not answered', photo: 'photo missing', finding: 'no finding written', finding_fields: 'finding not complete (title, basis, and a deadline where one is set)', opinion: 'a recheck lacks its opinion', sign_lead: 'signature of the lead inspector', sign_second: 'signature of the second officer', sign_unit: 'signature of the mine', unit_head: 'name of who is present for the mine', refusal: 'how the signature was refused' },
    allSent: 'Everything is entered', sending: '{done} of {total} sent', onSpot: 'On the spot', entered: 'Entered', notYet: 'not yet', checked: 'Checked', mineSigned: 'For the mine', refusedTo: 'Refused to sign: {why}', openRecord: 'Open the inspection', remove: 'Remove from the device', removeTitle: 'Remove from the device', removeText: 'Everything is entered. Photos and signatures will no longer be kept on this device.',
  },
  money: {
    title: 'Money (yuan)', due: 'Due', paid: 'Paid', owed: 'Owed', surcharge: 'Surcharge', ofThatPaid: '{amount} of it paid', what: 'What', dueOn: 'Due on',
  },
  outbox: {
    title: 'To be sent', hint: 'Kept on this device, not yet entered', lastTry: 'last try', export: 'Export', send: 'Send now', progress: '{sent} of {total} sent', empty: 'Nothing waits to be sent', open: 'Open the record', look: 'Look', waiting: 'Kept on this device: {n}. Sent when there is a connection.', stuck: 'Needs a decision of yours: {n}', waitingTitle: 'This device holds what is to be sent', stuckTitle: 'This device holds what needs a decision', waitingShort: 'To send', stuckShort: 'Decide',
    group: { stuck: 'To be decided', waiting: 'Waiting', aside: 'Set aside', sent: 'Sent' }, kind: { begin: 'Inspection', start: 'Task begun', answer: 'Line', finding: 'Finding', hazard: 'Hazard', recheck: 'Recheck', record: 'Signatures and result', sign: 'Task signed' }, state: { waiting: 'Waiting', conflict: 'Conflict', refused: 'Refused', aside: 'Set aside', sent: 'Entered' },
    problem: { state: 'The state on the server has changed; this cannot be done any more', conflict: 'Somebody changed it on the server meanwhile', bad_file: 'A photo or signature was not accepted', file_gone: 'A photo or signature is no longer on this device', needs_aside: 'It stands on something that was set aside', needs_earlier: 'It stands on something that is not entered' }, unchanged: 'as it is', overwrite: 'Send mine on the present version', again: 'Send again', amend: 'Correct', setAside: 'Set aside',
    leaveTitle: 'Something was not sent', leaveText: 'Not sent from this device: {n}. Signing out deletes the visits, photos and signatures kept here; they cannot be brought back.', leaveDelete: 'Delete and sign out', leaveStay: 'Go back and send',
  },
  period: { month: '{year}-{month}', quarter: 'Q{n} {year}', half_year: 'First half of {year}', second_half_year: 'Second half of {year}', year: '{year}' },
  form: {
    newTitle: 'New: {type}', save: 'Save', edit: 'Edit', choose: 'Choose', noChoice: 'Nothing to choose', date: 'Choose a date', month: 'Choose a month', quarter: 'Choose the first month of a quarter', half_year: 'Choose the first month of a half-year', year: 'Choose a year', time: 'Choose a time', required: 'Required', clause: 'Under {clause}', check: 'Something needs correcting; see the marked fields.', created: 'Created', saved: 'Saved', leave: 'Leave', leaveTitle: 'Unsaved changes', leaveText: 'They will be lost.',
  },
  import: {
    button: 'Import', title: 'Import: {type}', text: 'Choose a CSV file in UTF-8 or GB18030. The first row holds the field names, as in an export.', file: 'CSV file', keepGood: 'Take the good rows even if others are wrong', send: 'Import', result: '{created} created, {updated} updated, {unchanged} unchanged', faults: '{n} faults', row: 'Row', column: 'Column', what: 'What is wrong',
  },
  ledger: {
    stepTemplate: 'Take the template: its header says what to enter and which choices there are', template: 'Template', stepFill: 'Fill it in Excel or WPS; columns may move, headers stay', stepUpload: 'What you send is checked and shown first; nothing is written before you agree', choose: 'Choose an XLSX file, or drop it here', sending: 'Sending…', limits: 'At most 100,000 rows and 32 MB; a file exported from the list can be changed and imported too', again: 'The same file twice enters nothing twice, and an import can be taken back as a whole.', csv: 'Import CSV',
    exportShown: 'Export Excel (columns shown)', exportAll: 'Export Excel (all columns)', exportMenu: 'Export', earlier: 'My imports', noName: 'Unnamed file', written: '{n} written', toList: 'To the list', another: 'Import another file',
    state: { checking: 'Being checked', checked: 'To be confirmed', refused: 'Cannot be read', applying: 'Being imported', applied: 'Imported', stopped: 'Stopped', undoing: 'Being taken back', undone: 'Taken back', discarded: 'Given up', interrupted: 'Interrupted' },
    progress: '{done} of {total} rows', reading: 'Reading the file', goesOn: 'you may leave this page, the work goes on', undecided: 'Please decide below how to go on, then import.', nothingNew: 'All of this is entered already: nothing to import.', nothingGood: 'No row can be imported: mend the faults below and send the file again.',
    ask: '{n} records will be written.', askGood: '{n} good records will be written; {bad} faulty rows are left out.', applyTitle: 'Import now?', apply: 'Import', applyN: 'Import {n}', applyGood: 'Import the {n} good ones only', goOn: 'Go on', stop: 'Stop', discard: 'Give up', undo: 'Take back', undoTitle: 'Take this import back?', undoAsk: 'Of the {n} records written, new ones are withdrawn and changes are put back. What somebody changed since stays and is listed.',
    notes: 'What else the file holds', unknown: 'Unknown columns:', ignoreUnknown: 'Leave these columns out', noHeader: 'column {column} (no header)', hiddenRows: 'Hidden rows ({n}):', hiddenRead: 'Import them too', hiddenSkip: 'Leave them out', formulas: 'Cells with a formula: {n}', keptValues: 'Take the results of the formulas', sheets: 'The sheet that is read: {name}', sheet: 'Sheet', comma: ', ',
    told: { unread: 'Set by the program or not importable, so not read: {names}', examples: 'Example rows left out: {n}', hiddenColumns: 'Hidden columns are read like others: {names}', hiddenSheets: 'Hidden sheets are not read: {names}', merged: 'Merged cells among the data: {names}', macros: 'The workbook holds macros; they are never run', noWayBack: 'Records of this kind cannot be withdrawn: taking back restores changes, and new records stay.' },
    counts: 'Result of the check', fate: { new: 'New', changed: 'Changed', unchanged: 'Unchanged', faulty: 'Faulty' }, faults: 'Faults ({n})', faultsMore: 'Only the first {n} are listed', cell: 'Cell', columnHead: 'Column', wrong: 'What is wrong', rowN: 'Row {n}', sample: 'First {n} of {all} rows', rowHead: 'Row', fateHead: 'Result',
    outcome: { created: 'Created', updated: 'Changed', refused: 'Refused', withdrawn: 'Withdrawn', restored: 'Put back', kept: 'Left as it is' }, allRows: 'All', noRows: 'No row was written', recordHead: 'Record', why: 'Why', openRecord: 'Open',
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
  tips: {
    title: 'Report a danger', lead: 'Danger at a mine, illegal production, an accident that was hidden: tell the regulator. You need not give your name, and what proves true is rewarded.', navReport: 'Report', navFollow: 'Follow up', footer: 'In an emergency, or while an accident is happening, call 119, 120 or 12350.',
    about: 'Which mine or place', aboutHint: 'Find a mine by its name, or say where', otherMine: 'Another', content: 'What is wrong', contentHint: 'At which face or machine, what you saw, who was there. Do not write your own name or telephone here.',
    photos: 'Photos', photo: 'Photo {n}', addPhoto: 'Take or choose photos', removePhoto: 'Remove photo {n}', preparing: 'Preparing the photos…', photoHint: 'At most {n}. Place, time and device are taken out.', tooManyPhotos: 'At most {n}; the others were left out', photoCount: '{n} photos',
    place: 'Where exactly', placeHint: 'Return airway 3, for example', happened: 'When', happenedHint: 'Last night shift, or during the last month', matter: 'What kind', notSure: 'Not sure', authority: 'Who shall deal with it', nearest: '{name} (local)', choose: 'Choose', authorityHint: 'If you do not trust the local body, choose the one above it.',
    who: 'Who you are', anonymous: 'Without a name', anonymousHint: 'Dealt with and rewarded all the same: follow it by a code, be paid by a word', named: 'With a name or telephone', namedHint: 'Sealed the moment it arrives; opened only by two persons who say why', name: 'Name', phone: 'Telephone', kind: 'You are (optional)', notSay: 'Rather not say',
    consent: 'What I report is true as far as I know. I understand: it is dealt with without a name as well; this page does not keep my network address; a name and telephone are sealed; knowingly accusing somebody falsely has consequences.',
    needAbout: 'Choose a mine, or say which mine or place', needContent: 'Say what is wrong (5 characters at least)', needAuthority: 'Choose who shall deal with it', needConsent: 'Please read this and tick it', solving: 'Safety check…', sending: 'Sending…', send: 'Send the report',
    sentTitle: 'Your report has arrived', sentTo: 'It is with {name}, number {number}.', codeFor: 'Follow-up code of tip-off {number}; read it out or write it down for the reporter:', code: 'Follow-up code', codeOnce: 'The code is shown this once: write it down or take a picture. It cannot be recovered; tell nobody.', copy: 'Copy', copied: 'Copied', saveCode: 'Save as a file', codeUse: 'With the code you can see how it stands, add to it and claim the reward here:',
    followTitle: 'Follow up a report', followLead: 'Enter the code that you got when you reported.', find: 'Look it up', codeShape: 'The code has 20 letters and digits', noSuchCode: 'There is no such code; please check it', lost: 'A lost code cannot be recovered; you can report again.', number: 'Number', receivedBy: 'With', receivedAt: 'Received', leave: 'Leave (clears this page)',
    state: {
      received: 'It has arrived and waits to be accepted.', accepted: 'It was accepted and will be checked.', assigned: 'It is being checked.', verified: 'It proved true and is being dealt with.', acted: 'It was dealt with.', reward_decided: 'It was dealt with, and a reward is decided.', paid: 'It was dealt with, and the reward is paid.', replied: 'It was answered.', closed: 'It is closed.', returned: 'It was not accepted; the answer says why.', false: 'It did not prove true; see the answer.', merged: 'It is dealt with together with another report.',
    },
    thread: 'Messages', noMessages: 'No messages yet.', you: 'You', officer: 'Officer', wasRead: 'read', notRead: 'not read yet', writeHint: 'Add something, or answer the officer', sendMore: 'Send',
    reward: 'Reward', noReward: 'No reward is decided yet. What proves true is rewarded; you can say now how you want to be paid.', setClaim: 'Say how to be paid', changeClaim: 'Change how to be paid', byWord: 'By a word', byAccount: 'To an account', wordHint: '6 to 60 characters that only you know', wordHelp: 'Say the word when you fetch the reward; nobody asks who you are. Only a digest is kept: nobody can read it.', accountHint: 'Bank, holder and number', accountHelp: 'The account is sealed like a name, and opened by two persons for the payment.',
    wordSet: 'A word is set. You are paid by the word, without giving a name.', accountSet: 'An account is sealed for the payment.', claimAt: 'To be paid, turn to:', giveHint: 'Who called, wrote or came can follow the matter by a code too.', give: 'Make a follow-up code', hasCode: 'This tip-off has a code, which only the reporter knows', payTitle: 'Pay by the word', payHint: 'Let the reporter say the word; the program checks it. After five wrong words the reporter must set another. No identity is noted.', word: 'Word', paidOn: 'Paid on', slip: 'Receipt without identity', pay: 'Check and pay', paid: 'Paid',
  },
  sealed: {
    title: 'Sealed', ask: 'Ask to open', asked: 'Sent; a second person must agree', what: 'Sealed: {fields}. Two persons must agree before it is seen, and each look is logged.', rule: 'Say why. Another person who may must agree; then you can look for a limited time. The request, the agreement and each look stand in the change log.', reason: 'Why it must be opened', look: 'Look', until: 'open until', over: 'Time is over',
  },
  poster: {
    title: 'Tip-off codes', hint: 'For the pithead, the changing room and the village board', of: 'Where it hangs', area: 'The whole area ({name})', print: 'Print A4', call: 'Danger, illegal production, a hidden accident: tell us', code: 'QR code: {link}', scan: 'Scan it with a phone', anonymous: 'No name needed; no network address is kept', sealed: 'A name and telephone are sealed; two persons must agree to open them', reward: 'What proves true is rewarded, by a word, without a name', by: 'Dealt with by {name}',
  },
  uploads: {
    title: 'Uploads', tab: { health: 'Health', ledger: 'Files', quarantine: 'Quarantine' }, health: 'Upload health', mine: 'Mine', anyMine: 'Any mine', systemHead: 'System', system: { aqjk: 'Monitoring', rydw: 'Positions', other: 'Other' }, condition: 'Condition',
    mark: { fine: 'Normal', rejects: 'Rejects', lagging: 'Lagging', silent: 'Silent' }, lastFile: 'Last file', lastArrival: 'Arrived', lag: 'Lag', accepted: 'Accepted today', rejected: 'Rejected today', quarantined: 'Quarantined', gaps: 'Gaps today', verdict: 'Verdict', anyVerdict: 'Any verdict',
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
  exam: {
    title: 'Examination', true: 'True', false: 'False', worth: 'Points: {n}', right: 'Right', wrong: 'Wrong', unanswered: 'Not answered', rightOption: 'Right answer', yourOption: 'Your answer', basis: 'Basis:', points: 'points', passed: 'Passed', failed: 'Failed', passMark: 'Pass mark {n}',
    kind: { single: 'Single choice', multiple: 'Multiple choice', judge: 'True or false' }, state: { absent: 'Absent.', void: 'This paper is void.' },
    candidate: 'Candidate', number: 'Number', questions: 'Questions', count: '{n} questions', minutes: 'Time allowed', needs: 'Required', attempt: 'Attempt', attemptOf: '{n} of {most}', startedAt: 'Started', submittedAt: 'Handed in', start: 'Start',
    rules: 'The time runs from the start, by the clock of the server. Each answer is kept as you give it: after a lost connection or a closed page you go on, on any device, within the time. When the time is up the paper is handed in; it is marked at once. The right answers can be seen once the examination is closed.', notOpen: 'Not open yet. Please wait for the examination officer.', reviewLater: 'The right answers can be seen here once the examination is closed.', officerWaits: 'Not handed in yet; what was answered can be seen once the examination is closed.', mayResit: 'You may resit: ask the examination officer.',
    left: 'Time left', answered: '{n} of {all} answered', saved: 'All saved', unsent: '{n} not saved yet, trying again', handIn: 'Hand in', handInMissing: '{n} questions are not answered. Nothing can be changed afterwards. Hand in?', handInAll: 'All {n} questions are answered. Nothing can be changed afterwards. Hand in?', goOn: 'Go on', isAnswered: 'answered', move: 'Move between questions', previous: 'Previous', next: 'Next',
    review: 'The paper', onlyWrong: 'Only wrong ones', toMine: 'Back to my examinations', codeShort: 'A code has 10 letters and digits', codeUnknown: 'There is no such code, or the examination is archived. Compare it and type it again; if that fails, ask the examination officer for a new one.', otherCode: 'Another code', enterCode: 'Enter your code', codeHint: 'The examination officer or inspector gives it to you. No account is needed.', code: 'Code', enter: 'Go to the examination',
    mineHint: 'Your examinations and results', none: 'No examinations', noneHint: 'They appear here once you are a candidate.', open: 'Open', look: 'See the paper', scored: '{n} points', blueprint: 'What is asked, and what the bank has', kindOf: 'Kind', each: 'Points each', onHazards: 'On major hazards', total: 'Total', lacking: 'the bank has {n}', bankHas: 'The bank has {n} questions', bankLacks: 'The bank does not suffice, nobody can start. Add questions or ask for fewer.', unusable: '{n} questions have an answer that fits no option; they are never drawn.',
    choosePersons: 'Choose persons', chooseMine: 'Choose a mine', added: '{n} candidates added', addCandidates: 'Add candidates', byName: 'By name', atRandom: 'Draw among the people of a mine', howMany: 'How many', randomHint: 'The server draws among those in service who are not candidates yet, each equally likely.', add: 'Add', codeOf: 'Code of {name}', codeWhere: 'Open {place} in the browser of any phone and enter the code.', codeOnce: 'The code is shown only now. A new one ends the one before.', thisDevice: 'Take it on this device', score: 'Score', giveCode: 'Give a code', resit: 'Resit',
    question: 'Question', asked: 'Asked', correctShare: 'Right', givenAnswers: 'Answers given', closeText: '{done} have handed in; {absent} have not begun and are noted as absent. Candidates can then see the right answers.', close: 'Close and count', candidates: 'Candidates', counts: '{all} papers · {running} answering · {passed} passed · {failed} failed', noCandidates: 'No candidates yet', figures: 'Statistics by question', figuresOf: '{n} papers',
  },
  views: {
    title: 'Saved filters', changed: 'Changed since it was saved', none: 'Nothing saved yet. Set conditions, then press "Save this filter".', saved: 'Filter saved', isDefault: 'Default', isShared: 'Shared · {name}', me: 'me', makeDefault: 'Make it the default of this list', noDefault: 'No longer the default', edit: 'Edit', remove: 'Delete', removed: '"{name}" was deleted', undo: 'Undo', update: 'Save the changes into "{name}"', saveNew: 'Save this filter', leave: 'Leave saved filters', name: 'Name', share: 'Share with everybody of my organisation', holds: 'Keeps conditions, order and columns; opens by a link.',
  },
  bulk: {
    papers: 'Issued papers {from} to {to} (ZIP)', title: 'Many rows', picked: '{n} selected', cut: 'More match; {n} at most at once', all: 'Select all {n}', allUnknown: 'Select all that match', noStep: 'No step is possible for all of them', export: 'Export these', clear: 'Clear', pickPage: 'Select all of this page', pickRow: 'Select: {title}', ask: '"{step}" will be done for {n} records.', hint: 'Each is judged as if it were alone. What does not qualify stays as it is and is listed with the reason.', done: '{n} done', refused: '{n} refused', of: '{n} of {all} processed', run: 'Do it for {n}', stop: 'Stop',
  },
  print: { button: 'Print', by: 'Printed by {name} ({organisation}) at {at}', filter: 'Filter:', chosen: 'chosen' },
  papers: {
    title: 'Papers', preview: 'Preview', issue: 'Issue', issueTitle: 'Issue a paper', ask: 'Issue “{name}”? Its number and its words cannot be changed afterwards.', askStep: 'Issue “{name}”? If it is still to be done, “{step}” is done with it. Number and words cannot be changed afterwards.',
    done: 'Issued: {name}', doneNumber: 'Issued: {name}, {number}', pages: '{n} p.', by: 'Issued by {name}', code: 'Code of authenticity', ledger: 'Print ledger (PDF)',
    bar: { state: 'Not to be issued in this state', role: 'None of your roles may issue it', hidden: 'Holds protected fields: to be issued by who may see them' },
  },
  verify: {
    title: 'Is this paper genuine?', lead: 'Type the code at the foot of the paper, or scan its QR code. Only office, kind, number, day and whether it holds are shown.', find: 'Look it up', shape: 'A code has 16 letters and digits', unknown: 'No paper was issued with this code. Please compare it and try again.',
    given: 'This paper was issued here and holds', void: 'This paper was issued here, but holds no longer', voidSince: 'Void since', voidHint: 'It was voided or withdrawn, or what it certifies has changed. Do not act on it; ask the office that issued it.', office: 'Office', kind: 'Kind', number: 'Number', day: 'Issued on', compareHint: 'Choose the PDF that you hold to see whether it was altered. The file is only compared, not kept.', compare: 'Compare a file',
    same: '“{file}” is the file that was issued', other: '“{file}” is not the file that was issued',
  },
  notFound: { title: 'No such page or record', text: 'It may not exist, or it may be outside your scope.', home: 'To the first page' },
};
