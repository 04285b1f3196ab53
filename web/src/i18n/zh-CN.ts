// 界面文字：中文。键与 en.ts 完全一致（有测试）。
export default {
  app: { name: '矿安卫 Mineward', short: '矿安卫', tag: '矿山安全监管', idea: '法规即数据，证据即数据。系统持续比对两者，说清谁、在何时之前、依据哪一条必须行动。' },
  common: {
    all: '全部', back: '返回', beijing: '（北京时间）', cancel: '取消', chinese: '中文', close: '关闭', comma: '、', confirm: '确定', empty: '暂无内容', english: '英文',
    language: '语言', loading: '正在加载', more: '加载更多', no: '否', none: '无', retry: '重试', skip: '跳到正文', stay: '留在本页', toChinese: '中文', toEnglish: 'EN', yes: '是',
    yuan: '{amount} 元', yuanUnit: '元',
  },
  units: {
    hour: '小时', day: '天', minute: '分钟', second: '秒', year: '年', month: '月', age: '岁', person: '人', point: '分', classHour: '学时', place: '处', channel: '路', question: '题', time: '次', item: '条', instalment: '期', case: '例',
    firm: '家', machine: '台', set: '台（套）', circuit: '回路', copy: '本', building: '座', tenThousandTonsYear: '万t/a', tenThousandTons: '万t', tenThousandCubicMetres: '万m³',
  },
  duration: { d: '{n} 天', h: '{n} 小时', min: '{n} 分', s: '{n} 秒' },
  nav: {
    main: '主导航', posters: '举报二维码', home: '首页', board: '监管看板', live: '实时监测', alarms: '报警', report: '随手报', hazards: '隐患', duties: '应办事项', forms: '报表', clauses: '条款', uploads: '数据上传', records: '台账', accounts: '账号', organisations: '机构',
    packs: '规则包', log: '变更日志', me: '我的账号', more: '更多', search: '搜索', todo: '我的待办', exams: '考试', myExams: '我的考试', inspections: '现场检查', group: { work: '业务', admin: '管理' },
  },
  home: {
    title: '您好，{name}', late: '逾期 {n}', alarms: '待确认的报警', mine: '本矿现状', oddPoints: '异常测点', score: '关注分', hazards: '今日到期和逾期的隐患', noHazards: '没有到期或逾期的隐患', duties: '近七天应办', noDuties: '近七天没有应办事项', todo: '等我签署和时限', noTodo: '没有等您签署的事项，也没有在走的时限',
    sign: '待签', work: '等我办理的台账', noWork: '没有等您办理的台账', moreTypes: '另有 {n} 类', concern: '矿山关注排序', regions: '辖区关注排序', mines: '{n} 座矿', major: '未销号的重大隐患', noMajor: '没有未销号的重大隐患', forms: '本期报表', supervision: '履职监督', overToday: '今日已超时', packs: '在用规则包', prepared: '{n} 项启停已拟定，待生效',
    own: '我的台账', noOwn: '您的角色没有经办的台账', openOf: '未办结 {n}',
    account: { all: '全部账号', disabled: '已停用', fresh: '尚未修改初始口令' },
  },
  flowBoard: {
    title: '{type} · 看板', open: '看板', openCount: '未办结 {n}', keys: '方向键移动，回车打开', rest: '其余 {n} 条', organisation: '单位', anyOrganisation: '全部单位', onlyLate: '只看逾期', withClosed: '含已办结', countdown: '倒计时', daysLeft: '天剩余', daysOver: '天逾期',
  },
  mineCard: {
    open: '矿山卡片', hint: '关于这座矿的全部情况', print: '打印', facts: '基本情况', supervisor: '日常监管主体', noSupervisor: '未指定', standing: '当前状况', licences: '证照', noLicences: '没有登记证照', openWork: '未办结事项', nothingOpen: '没有未办结事项', allTypes: '显示全部 {n} 类', fewer: '收起',
    timeline: '时间轴', anySystem: '全部系统', from: '自', mainOnly: '只看新建和办理', noEvents: '没有符合条件的记录', turned: '转为{to}', happened: '发生于', searched: '已查到',
  },
  supervision: {
    title: '履职监督', hint: '监管部门和人员未及时办理的事项；点数字看明细', none: '没有未及时办理的事项', noRegulators: '范围内没有监管部门', regulator: '监管部门', sum: '合计', nobody: '未落实到人',
  },
  signIn: {
    title: '登录', name: '账号', password: '口令', button: '登录', out: '退出登录', ended: '登录已过期，请重新登录。', help: '忘记口令请联系本单位系统管理员重置。',
  },
  password: {
    title: '修改口令', must: '首次登录或口令已被重置，请先设置新口令。', old: '当前口令', new: '新口令', again: '再输一次新口令', rule: '至少 {n} 个字符，且不含账号名。', button: '修改口令',
    short: '至少 {n} 个字符', holdsName: '不能包含账号名', same: '不能与当前口令相同', differs: '两次输入不一致', wrong: '当前口令不正确', done: '口令已修改',
  },
  error: {
    bad_credentials: '账号或口令不正确', locked: '连续失败次数过多，账号已锁定，请约 {minutes} 分钟后再试', bad_input: '提交的内容有误，请检查', bad_json: '请求内容格式有误', too_slow: '请求传输超时，请检查网络', unauthenticated: '请先登录', forbidden: '您的角色不能执行此操作',
    not_found: '未找到，或不在您的权限范围内', conflict: '内容已被他人更改，请刷新后再试', too_large: '文件太大', unsupported: '不支持的文件类型', too_many: '操作过于频繁，请稍后再试', disk_full: '服务器磁盘已满，内容未保存，请通知管理员', unavailable: '服务暂时不可用，请稍后再试',
    internal: '出错了，请稍后再试', offline: '无法连接服务器，请检查网络', must_change_password: '请先修改口令',
  },
  fault: {
    band: '：{least} 至 {most}（{basis}）',
    reason_required: '请写明更正理由', required: '必填', too_long: '内容太长', out_of_range: '超出允许范围', bad_format: '格式不正确', unknown_code: '不在可选项中', not_unique: '已存在相同的值', not_found: '所选对象不存在', read_only: '此项不能修改',
    unknown_field: '没有这个字段', same_person: '必须由另一人办理', not_first_of_month: '应为月份的第一天', not_first_of_quarter: '应为季度的第一天', not_first_of_half_year: '应为半年的第一天', not_first_of_year: '应为 1 月 1 日', evidence: '请上传佐证材料', bad_file: '文件不符合要求', rule: '不符合规定', not_stored: '本节点没有密钥，无法保存', other: '填写有误',
  },
  fileFault: {
    E_TERM: '文件不完整，缺少结束符', E_FIELDS: '字段数量不符', E_NAME: '文件名不规范', E_HEAD: '文件头有误', E_TYPE: '数据类型不符', E_ENC: '字符编码有误', E_DUP: '重复文件',
    E_DECRYPT: '无法解密', E_UNKNOWN_POINT: '测点没有定义', E_STALE: '文件过期', E_MINE: '矿山编码未登记', E_FUTURE: '时间在未来',
  },
  grade: { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' },
  quality: { stale: '数据过时', doubtful: '数据存疑' },
  live: { off: '未连接', connecting: '正在连接', live: '实时', reconnecting: '正在重连', staleSince: '{time} 起未更新', tryNow: '立即重连' },
  search: { title: '搜索', placeholder: '搜索报警、隐患、人员、测点…', button: '搜索', hint: '支持一两个字的中文词。', kinds: '按台账类型', most: '只显示最近的 100 条，请输入更多的词。', none: '没有找到“{words}”' },
  help: {
    title: '快捷键', search: '搜索', help: '显示本帮助', move: '在列表中下移、上移', open: '打开选中的一项', close: '关闭窗口或退出大屏', tab: '在控件之间移动',
    grades: '◆ 红、▲ 橙、■ 黄、● 蓝四种颜色只表示预警级别，由重到轻。',
  },
  board: {
    title: '{name} · 监管看板', asOf: '截至', wall: '大屏模式', leaveWall: '退出大屏', totals: '合计', ranking: '矿山关注排序', noMines: '范围内没有矿山', noSupervisor: '未指定日常监管主体', supervisorTooLow: '监管主体层级过低', andMore: '另有 {n} 座', assignHint: '打开矿山，点“指定日常监管主体”。', assignAbove: '由市级、省级或部门负责人指定。', score: '关注分，越高越应先看', points: '分', calm: '无加分项，平稳',
    openAlarms: '未结报警', unanswered: '待确认', hazards: '未销号隐患', overdue: '逾期 {n}', overdueHazards: '逾期隐患', people: '井下人数', silence: '距上次数据', never: '从未上传',
    part: {
      red: '红色报警', orange: '橙色报警', yellow: '黄色报警', blue: '蓝色报警', unanswered: '报警待确认', overdue_hazards: '隐患逾期', open_hazards: '隐患未销号', people_over_quota: '超定员', hours_of_silence: '数据中断',
    },
  },
  mine: {
    closedNote: '本矿已关闭，不能再新建生产、隐患、人员、设备等台账；事故、执法、关闭巡查等仍可登记。', pick: '选择矿山', open: '实时监测', simulated: '模拟数据', peopleBelow: '井下 {n} 人', asOf: '数据时间', record: '矿山档案', tabPoints: '测点', tabPeople: '井下人员', inAlarm: '{n} 个报警', points: '{n} 个测点', noPoints: '还没有测点定义',
    noPlace: '其他位置', find: '查找位置或编码', sensor: '传感器', anySensor: '全部传感器', onlyOdd: '只看异常', on: '开', off: '停', switch: { running: '开', stopped: '停', opened: '打开', closed: '关闭', cut: '断电', restored: '复电', live: '有电', dead: '无电', air: '有风', noAir: '无风', smoke: '有烟', noSmoke: '无烟', alarm: '报警', normal: '正常' }, noValue: '无数据', limit: '限值', limits: '执行限值', ownLimit: '矿方上传限值', limitSource: '限值依据', code: '测点编码', toAlarm: '查看报警', pointRecord: '测点档案',
  },
  chart: {
    title: '数据曲线', range: '时间范围', nothing: '该时段没有数据', band: '阴影为最小至最大；色块为报警时段', mean: '平均', min: '最小', max: '最大', value: '数值', alarm: '报警', alarmLow: '下限报警', cut: '断电', restore: '复电', none: '无数据',
  },
  people: {
    below: '井下人员', leaders: '带班领导 {n} 人', quota: '定员 {n}', over: '超员', unknownArea: '未知区域', noAreas: '没有区域数据', list: '人员名单', find: '姓名或卡号', area: '区域', anyArea: '全部区域', leader: '领导', sos: '呼救', since: '入井', more: '再显示 {n} 人', nobody: '没有人员',
  },
  alarms: {
    title: '报警', tab: { raised: '待确认', open: '未结', closed: '已关闭', all: '全部' }, sound: '声音提示', unanswered: '待确认报警', noneUnanswered: '没有待确认的报警', none: '没有符合条件的报警', waiting: '已等待', peak: '峰值', mean: '平均', samples: '{n} 个采样',
    lasting: '持续中', cleared: '已解除', escalated: '已升级至{level}', late: '迟到数据', planned: '计划作业内', curve: '曲线', what: '报警内容', handling: '处置情况', unhandled: '尚未处置', advice: '处置建议', rule: '规则', place: '地点', subject: '对象', limit: '限值', limitSource: '限值依据',
    clause: '依据条款', began: '开始', raisedAt: '报警时刻', clearedAt: '解除', evidence: '证据', notCleared: '数值尚未恢复到限值以下，解除后才能关闭。', makeHazard: '转为隐患', makeHazardText: '将以本报警的内容登记一条隐患，并相互关联。', hazardMade: '已转为隐患', openHazard: '查看隐患',
  },
  report: {
    title: '随手报', tile: { hazard: '报隐患', self_check: '做自查' }, tileHint: { hazard: '地点、问题、照片，一分钟报完', self_check: '按层级逐项检查，未发现须签字' }, draftThere: '有未报送的草稿',
    mine: '我报的', noneYet: '您还没有报过隐患，也没有做过自查', findings: '发现 {n} 项', sent: '已报送 {number}', keptOffline: '网络不通，已保存在本机。有网络后再按一次报送，不会重复。', restored: '这是上次未报送的内容。', startAnew: '重新填写',
    mineField: '矿山', place: '地点', placeHint: '如：1301 工作面回风巷', what: '发现什么问题', whatHint: '一句话写明', photos: '现场照片', takePhoto: '拍照', photosMost: '最多 {n} 张照片', level: '建议等级', levelHint: '可不选，由安全部门核查定级',
    majorHint: '如属重大隐患，请立即停止受影响区域作业、撤出人员并报告调度室，再报送。', more: '补充说明（可不填）', discipline: '专业', description: '详细描述', send: '报送隐患',
    photoFault: {
      empty: '“{name}”是空文件', program: '“{name}”是程序，不是照片，已拒绝', script: '“{name}”是脚本或网页，不是照片，已拒绝', document: '“{name}”是文档，不是照片，请选择照片', archive: '“{name}”是压缩包或安装包，不是照片，已拒绝',
      not_image: '“{name}”不是照片，请选择 JPG、PNG 或 WebP 照片', broken: '“{name}”打不开，可能已损坏，请重拍',
    },
    tier: '自查层级', checkPlace: '检查地点', items: '检查项目', answer: { pass: '合格', fail: '有问题', none: '不涉及' }, zeroTitle: '未发现隐患，请签字', zeroText: '本人已逐项检查，确认未发现隐患，对真实性负责。', signature: '签字（姓名）',
    becomeHazards: '报送后将登记 {n} 条隐患，进入整改流程。', sendCheck: '报送自查',
    checkFault: { place: '请填写检查地点', found: '请写明发现什么问题', open: '还有 {n} 项未查：未发现隐患的自查须逐项检查', nothing: '没有一项是合格的：请至少检查一项', signature: '未发现隐患须签字' },
  },
  violations: { person: '违章人', noCertificate: '{day} 当日没有有效证书，而其岗位须持证。', validTo: '有效期至 {day}', attended: '培训记录 {n} 条', earlier: '此前一年内三违 {n} 次' },
  hazards: {
    title: '隐患', report: '上报隐患', asBoard: '看板', asList: '列表', tab: { open: '未销号', mine: '我负责的', accepting: '待验收', overdue: '已逾期', closed: '已结束', all: '全部' }, none: '没有符合条件的隐患', fiveItems: '五落实', notYet: '未填',
    listing: '挂牌督办', findCriterion: '输入条款号或关键词查找', category: '条例第三十六条：{text}', notListed: '尚未上报重大隐患，未挂牌督办。', reportMajor: '上报重大隐患', closedByListing: '重大隐患经挂牌督办销号后，方可在此销号。', finding: '隐患情况', rectification: '整改情况', acceptance: '验收情况', overdueBy: '逾期 {n} 天', dueToday: '今日到期', dueIn: '还有 {n} 天', ownWork: '您是整改人或责任人，本条须由另一人验收。',
  },
  steps: { done: '已完成：{step}', samePerson: '您就是本条的“{field}”，此步骤须由另一人办理，以保证监督有效。', needs: '还缺：{field}', danger: '此操作不可撤销，请确认。', reason: '理由', ask: '确定对“{title}”执行“{step}”？' },
  conflict: { title: '内容已被他人更改', text: '{who} 于 {when} 修改了这条记录。请比较两个版本。', state: '当前状态：{state}', field: '字段', mine: '您的修改', stored: '已保存', take: '放弃我的修改', keep: '仍保存我的修改' },
  history: {
    title: '变更记录', by: '随{type}“{step}”变更', begin: '{step}：提请会签', sign: '{step}：签署', return: '{step}：退回', raise: '由此生成', total: '随{type}重新合计', remind: '时限提醒：{stage}', remind_seen: '已读时限提醒：{stage}', reason: '理由：{reason}', step: '办理步骤', system: '系统', public: '公众（匿名页面）', values: '{n} 项变更',
    action: { create: '创建', update: '修改', import: '导入', import_undo: '撤销导入', paper: '签发文书', sign_in: '登录', sign_out: '退出登录', sign_in_failed: '登录失败', locked: '账号锁定', password: '修改口令', password_reset: '重置口令', token: '签发令牌', escalate: '升级', unseal: '查看封存信息', clear: '解除', export: '导出' },
  },
  records: {
    state: '状态', anyState: '全部状态', any: '{field}：不限', words: '查找', filters: '筛选', clear: '清除条件', until: '至', columns: '选择列', export: '导出 CSV', create: '新建', none: '还没有记录', noMatch: '没有符合条件的记录', pages: '分页', total: '共 {n} 条', page: '第 {n} 页', previous: '上一页', next: '下一页',
    enteredAt: '录入时间', divisionNow: '现为{name}（{code}）', divisionUncertain: '当日所属区划不能唯一确定',
    nextHands: '下一步', moreRoles: '，另有 {n} 类人员', typesHint: '规则包声明的全部台账', findType: '查找台账或系统', noType: '没有这样的台账', version: '第 {n} 版', hideEmpty: '隐藏空白项', showEmpty: '显示 {n} 个空白项', flow: '流程', unnamed: '（未命名）', files: '{n} 个文件', file: '文件 {n}', picture: '图片 {n}', pictures: '图片', openPicture: '查看图片 {n}', removeFile: '移除文件 {n}', heic: '“{name}”是 iPhone 的 HEIC 照片，这里打不开。请在 iPhone“设置→相机→格式”中选“兼容性最佳”后重拍，或选它的截屏。', addFile: '添加文件', dropHere: '或拖到此处', sending: '正在上传…',
  },
  signing: {
    title: '{step}：待会签', sign: '签署同意', return: '退回', withdraw: '撤回', begun: '由 {name} 提请', opinion: '意见', signed: '已签署', returned: '已退回',
  },
  clocks: {
    title: '时限', due: '期限', left: '剩余', over: '已超', from: '起算', ended: '办结', owedBy: '应由', ours: '本系统设定的期限', unverified: '待核实', unverifiedHint: '尚未与正式文本核对，不得作为处罚依据',
    state: { waiting: '未起算', running: '进行中', half: '过半', soon: '将到期', paused: '中止', overdue: '超期', met: '按期办结', met_late: '超期办结', over: '已终结' },
  },
  links: {
    title: '关联台账', to: '生成', from: '来自', ask: '由“{title}”生成{type}，请补充必填内容。', askNothing: '由“{title}”生成{type}，所需内容已自动带入。',
    more: '填写更多内容（{n} 项）', bunch: '{type} {n} 条', each: '{label}：全部{type}', eachTitle: '逐一生成', eachAsk: '对您范围内每一个{type}各“{label}”一次，已有的不重复。', eachDone: '新生成 {made} 条，已有 {already} 条',
  },
  reminders: {
    title: '时限提醒', bell: '时限提醒，{n} 条未读', none: '没有未读的时限提醒', seen: '知道了', seenAll: '全部知道了', stage: { half: '时间过半', fifths: '已过五分之四', due: '已到期' },
  },
  todo: {
    hint: '等我签署的事项，和正在走的法定时限', signatures: '等我签署', clocks: '时限', all: '显示范围内全部', noSignatures: '没有等您签署的事项', noClocks: '没有正在走的时限',
  },
  visit: {
    onPhone: '现场检查', hint: '分派给我的检查任务，无网络也能办理', keptAt: '数据保存于', away: '无法连接服务器，正在离线办理', plan: '新建任务', refresh: '刷新', unable: '当前访问方式不支持离线保存（需要 HTTPS），请从台账办理检查。', none: '没有分派给您的检查任务', noneKept: '本机没有保存检查任务，请在有网络时打开本页', noneHint: '任务由负责人分派检查组长和执法人员后出现在这里。',
    group: { now: '正在检查', today: '今天', overdue: '已过计划日期', later: '以后', done: '已完成' }, step: { begin: '待检查', go_on: '检查中', unsent: '待发送', sent: '已发送', finished: '已签字' }, late: '已过期', lines: '{n} 项', progress: '已查 {done}/{total} 项，问题 {n} 个', unsent: '{n} 项未发送',
    arrived: '到达', begin: '到达现场，开始检查', openTask: '查看任务', noList: '未指定检查表', filter: { all: '全部', open: '未查', problem: '不符合' }, result: { ok: '符合', problem: '不符合', not_applicable: '不涉及' },
    notePhoto: '备注、照片', note: '备注', photo: '拍照', photoNeeded: '本项须拍照', noLines: '没有这样的检查项', beside: '检查表以外的问题', addFinding: '添加问题', anotherFinding: '再记一个问题', removeFinding: '删除问题', toHazard: '同时转为隐患', lacksFields: '请填写：{fields}',
    fileFault: { not_image: '文件内容不是图片，未采用', too_large: '图片超过 20 MiB', empty: '文件是空的' }, rechecks: '待复查的以往问题', passed: '复查合格', failed: '复查不合格', recheckOpinion: '复查意见',
    signatures: '签字', signed: '已签', sign: '签名', signAgain: '重签', clear: '清除', signatureOf: '{name}的签名', unitPerson: '陪同负责人', unitRefuses: '被检查单位拒绝签字', saved: { saving: '正在保存…', kept: '已保存在本机', failed: '本机存储失败，请腾出空间后再改动一次' }, finish: '完成检查', goOn: '继续检查', finishTitle: '完成检查', finishText: '共记录 {n} 个问题。签字后内容不能再改，将按顺序发送到服务器。', nothingFound: '未发现问题',
    lacks: '还不能完成：', lineNumber: '第 {n} 项', lack: { unanswered: '未作答', photo: '缺少照片', finding: '未记录问题', finding_fields: '问题内容不完整（须有标题、依据，限期整改须有期限）', opinion: '复查缺少意见', sign_lead: '缺少组长签名', sign_second: '缺少执法人员签名', sign_unit: '缺少被检查单位签名', unit_head: '缺少陪同负责人姓名', refusal: '缺少拒签情况说明' },
    allSent: '检查已全部入库', sending: '已发送 {done}/{total}', onSpot: '现场时间', entered: '入库时间', notYet: '尚未入库', checked: '检查情况', mineSigned: '单位签字', refusedTo: '拒绝签字：{why}', openRecord: '查看检查记录', remove: '从本机移除', removeTitle: '从本机移除', removeText: '内容已全部入库，移除后本机不再保留照片和签名。',
  },
  money: {
    title: '款项（元）', due: '应缴', paid: '已缴', owed: '尚欠', surcharge: '加处罚款', ofThatPaid: '其中已缴 {amount}', what: '款项', dueOn: '应缴日期',
  },
  outbox: {
    title: '待发送', hint: '本机保存、尚未入库的内容', lastTry: '上次尝试', export: '导出', send: '立即发送', progress: '已发送 {sent}/{total}', empty: '没有待发送的内容', open: '查看台账', look: '查看', waiting: '{n} 项内容保存在本机，联网后自动发送', stuck: '{n} 项内容需要您处理', waitingTitle: '本机有内容等待发送', stuckTitle: '本机有内容需要处理', waitingShort: '待发送', stuckShort: '需处理',
    group: { stuck: '需要处理', waiting: '等待发送', aside: '已搁置', sent: '已发送' }, kind: { begin: '检查记录', start: '任务开始', answer: '检查项', finding: '问题', hazard: '隐患', recheck: '复查', record: '签字和结论', sign: '任务签字' }, state: { waiting: '等待发送', conflict: '有冲突', refused: '被退回', aside: '已搁置', sent: '已入库' },
    problem: { state: '服务器上的状态已经改变，此操作不能进行', conflict: '服务器上的内容已被他人更改', bad_file: '照片或签名不符合要求', file_gone: '本机找不到照片或签名', needs_aside: '所依据的内容已搁置', needs_earlier: '所依据的内容尚未入库' }, unchanged: '不改', overwrite: '按现有版本发送我的', again: '重新发送', amend: '更正', setAside: '搁置',
    leaveTitle: '还有内容未发送', leaveText: '本机还有 {n} 项内容未发送。退出登录将删除本机保存的检查、照片和签名，无法恢复。', leaveDelete: '删除并退出', leaveStay: '返回发送',
  },
  period: { month: '{year} 年 {month} 月', quarter: '{year} 年第 {n} 季度', half_year: '{year} 年上半年', second_half_year: '{year} 年下半年', year: '{year} 年' },
  form: {
    newTitle: '新建{type}', save: '保存', edit: '编辑', choose: '请选择', noChoice: '没有可选项', date: '选择日期', month: '选择月份', quarter: '选择季度的第一个月', half_year: '选择半年的第一个月', year: '选择年份', time: '选择时间', required: '必填', clause: '依据 {clause}', check: '有内容需要更正，请看标出的字段。', created: '已创建', saved: '已保存', leave: '离开', leaveTitle: '有未保存的修改', leaveText: '离开后修改将丢失。',
  },
  import: {
    button: '导入', title: '导入{type}', text: '请选择 UTF-8 或 GB18030 编码的 CSV 文件，首行为字段名，与导出的格式相同。', file: 'CSV 文件', keepGood: '有错误时仍导入正确的行', send: '导入', result: '新建 {created} 条，更新 {updated} 条，未变 {unchanged} 条', faults: '{n} 处错误', row: '行', column: '列', what: '问题',
  },
  ledger: {
    stepTemplate: '下载模板，表头已带填写要求和可选项', template: '下载模板', stepFill: '在 Excel 或 WPS 中填写；列可以调换位置，不要改表头', stepUpload: '上传后先检查并预览，确认后才写入', choose: '选择 XLSX 文件，或拖到这里', sending: '正在上传…', limits: '最多 10 万行、32 MB；从列表导出的文件修改后也可导入', again: '同一文件重复导入不会重复登记；导入后可整体撤销。', csv: '导入 CSV',
    exportShown: '导出 Excel（所列各列）', exportAll: '导出 Excel（全部列）', exportMenu: '导出', earlier: '我的导入', noName: '未命名文件', written: '写入 {n} 条', toList: '返回列表', another: '导入另一个文件',
    state: { checking: '正在检查', checked: '待确认', refused: '不能读取', applying: '正在导入', applied: '已导入', stopped: '已停止', undoing: '正在撤销', undone: '已撤销', discarded: '已放弃', interrupted: '已中断' },
    progress: '{done} / {total} 行', reading: '正在读取文件', goesOn: '可以离开本页，处理会继续', undecided: '请先在下面选定如何处理，再导入。', nothingNew: '文件中的内容都已登记，无须导入。', nothingGood: '没有可以导入的行，请按下面的错误修改后重新上传。',
    ask: '将写入 {n} 条记录。', askGood: '将写入 {n} 条正确的记录，跳过有错误的 {bad} 行。', applyTitle: '开始导入？', apply: '导入', applyN: '导入 {n} 条', applyGood: '只导入正确的 {n} 条', goOn: '继续', stop: '停止', discard: '放弃', undo: '撤销导入', undoTitle: '撤销这次导入？', undoAsk: '本次写入的 {n} 条记录：新建的作废，修改的还原。此后有人改过的保持不动并列出。',
    notes: '文件中的其他内容', unknown: '不认识的列：', ignoreUnknown: '忽略这些列', noHeader: '{column} 列（没有表头）', hiddenRows: '有 {n} 行被隐藏：', hiddenRead: '一并导入', hiddenSkip: '不导入', formulas: '有 {n} 个单元格是公式', keptValues: '采用公式的计算结果', sheets: '读取的工作表：{name}', sheet: '工作表', comma: '、',
    told: { unread: '由程序填写或不能导入的列，不读取：{names}', examples: '跳过示例行 {n} 行', hiddenColumns: '有隐藏的列，照常读取：{names}', hiddenSheets: '隐藏的工作表不读取：{names}', merged: '数据区有合并单元格：{names}', macros: '工作簿含有宏，不会运行', noWayBack: '这类记录没有作废的办法：撤销时只能还原修改，新建的会保留。' },
    counts: '检查结果', fate: { new: '新增', changed: '修改', unchanged: '未变', faulty: '有错误' }, faults: '错误（{n} 处）', faultsMore: '只列出前 {n} 处', cell: '单元格', columnHead: '列', wrong: '问题', rowN: '第 {n} 行', sample: '前 {n} 行（共 {all} 行）', rowHead: '行', fateHead: '结果',
    outcome: { created: '新建', updated: '修改', refused: '未接受', withdrawn: '已作废', restored: '已还原', kept: '保持不动' }, allRows: '全部', noRows: '没有写入任何行', recordHead: '记录', why: '说明', openRecord: '打开',
  },
  duties: {
    hint: '谁、在何时之前、依据哪一条必须办什么；随台账、定位和时间自动变化', tab: { list: '列表', calendar: '日历', matrix: '矩阵' }, totals: '各状态数量', duty: '应办事项', rule: '事项', subject: '责任主体', periodHead: '期次', due: '期限', progress: '进度', clause: '条款',
    state: { upcoming: '待完成', met: '已完成', late: '逾期', missed: '未完成', met_late: '逾期完成' }, limitState: { upcoming: '进行中', met: '未超限', late: '超限', missed: '已超限', met_late: '超限后恢复' },
    every: { shift: '每班', day: '每日', week: '每周', month: '每月', quarter: '每季度', half_year: '每半年', year: '每年' },
    period: { shift: '{month}{day}日 第{n}班', day: '{month}{day}日', week: '{year}年第{n}周', month: '{year}年{month}', quarter: '{year}年第{n}季度', half_year: '{year}年{half}', year: '{year}年' },
    ordinal: { 1: '一', 2: '二', 3: '三', 4: '四' }, half: { 1: '上半年', 2: '下半年' }, weekday: { 1: '周一', 2: '周二', 3: '周三', 4: '周四', 5: '周五', 6: '周六', 7: '周日' },
    month: { 1: '1月', 2: '2月', 3: '3月', 4: '4月', 5: '5月', 6: '6月', 7: '7月', 8: '8月', 9: '9月', 10: '10月', 11: '11月', 12: '12月' }, monthHead: '月份', previousMonth: '上一月', nextMonth: '下一月',
    none: '没有符合条件的事项', noneHint: '换一个状态或清除条件试试', unconfirmed: '{n} 次未经定位印证', overBy: '超 {n} 次，允许 {most} 次', climbedTo: '已报至', dueFrom: '期限自', oneSubject: '指定主体', onlyWanting: '只看有逾期或未完成的', matrixHint: '格内为最严重状态及其数量／总数，只有一项时为进度；点击查看明细。',
    urgent: '急办事项', overseenBy: '监督层级', after: '逾期 {h} 小时', evidence: '依据记录', noEvidence: '还没有可计入的记录', counted: '计入', notCounted: '不计入', happened: '发生', doneAt: '录入', claims: '自报情况', claimsUnconfirmed: '{n} 次自报没有定位记录印证，不计入进度', confirmed: '定位已印证', notConfirmed: '没有定位记录印证',
    alsoBound: '同时适用的较宽规定', metAt: '完成时间', owner: '所属单位', doneBy: '承办角色', otherPeriods: '其他期次',
  },
  clauses: {
    sum: '{all} 条，其中 {carried} 条已由数据承载', find: '查找条文、编号、义务人', carried: '已承载', notCarried: '未承载', carriedOrNot: '承载与否：不限', none: '没有符合条件的条款', coverage: '承载情况', documents: '文件', systems: '系统', what: { duty: '事项', form: '报表', record: '台账', workflow: '流程', table: '判定表', limit: '限值', alarm_rule: '报警规则' },
    original: '原文', howCarried: '如何承载', about: '基本情况', binds: '义务人', quantities: '数量与时限', system: '所属系统', checkable: '可核查性', check: { auto: '自动核查', evidence: '凭证据核查', judgment: '需人工判断' }, jurisdiction: '适用区域', everywhere: '全国', valid: '有效期', open: '长期',
    standing: '各主体落实情况', nobody: '范围内没有受其约束的主体。', counts: '历次状态', last: '最近一期', siblings: '其他文件中的同类条款',
  },
  forms: {
    hint: '由台账自动生成，逐级报送、汇总', none: '没有需要填报的报表', filedBy: '填报层级：', ownForm: '本单位报表', summary: '汇总与报送情况', unitHead: '单位', blank: '空白', correct: '更正此数', correctedFrom: '已更正：台账数 {drawn}，填报数 {value}', nowIs: '生成后台账有变化：现为 {now}，生成时为 {drawn}', isShare: '由其他列计算得出。', sum: '合计 {n}', hidden: '其中 {n} 条不在您的权限范围内', noRecords: '没有记录，数为零。',
    action: { open: '开始填报', edit: '更正', file: '上报', return: '退回', accept: '接收', freeze: '冻结' }, ask: { file: '确定上报“{unit}”的报表？上报后不能再改，除非被退回。', return: '退回“{unit}”的报表，请写明理由。', accept: '确定接收“{unit}”的报表？接收后计入汇总。', freeze: '确定冻结“{unit}”的报表？冻结后不能再退回。' },
    state: { none: '未填报', draft: '填报中', filed: '已上报', returned: '已退回', accepted: '已接收', frozen: '已冻结' }, late: '逾期', filedAt: '上报时间', returnedFor: '退回理由：{reason}', notOpened: '尚未开始填报，以下为按台账试算的数。',
    editHint: '修改表中的数，每处修改须写明理由。', reasonWanted: '更正理由（必填）', takeBack: '恢复台账数', willBe: '将恢复为台账数 {n}', corrections: '更正说明', moved: '生成后台账有变化的数', summed: '已汇总 {n} / {of} 个单位', counted: '已计入', missing: '未计入', sumHint: '只汇总已接收和已冻结的报表；整改率按合计数计算。', noUnits: '没有下级填报单位',
    group: { risks: '风险清单建立情况', hazards: '排查整治情况', penalties: '处罚情况' },
    unit: { number: '数量', items: '项', groupTimes: '组次', personTimes: '人次', mineTimes: '矿次', times: '次', places: '处', tenThousandYuan: '万元', faceTimes: '个次', sets: '台、套', percent: '百分比' },
  },
  tips: {
    title: '安全隐患举报', lead: '发现矿上有危险、违法生产或者瞒报事故，请告诉监管部门。可以不留姓名，查实后有奖励。', navReport: '我要举报', navFollow: '查询进展', footer: '紧急情况、正在发生的事故，请直接拨打 119、120 或 12350。',
    about: '哪个矿、什么地方', aboutHint: '输入矿名查找，或直接写地点', otherMine: '换一个', content: '发生了什么', contentHint: '在哪个工作面、哪台设备，看到了什么，谁在场。请不要在这里写自己的姓名和电话。',
    photos: '照片', photo: '第 {n} 张照片', addPhoto: '拍照或选择照片', removePhoto: '去掉第 {n} 张照片', preparing: '正在处理照片…', photoHint: '最多 {n} 张。拍摄地点、时间和手机信息会自动去除。', tooManyPhotos: '最多 {n} 张，其余没有加入', photoCount: '附 {n} 张照片',
    place: '具体地点', placeHint: '如：井下 3 号回风巷', happened: '什么时候', happenedHint: '如：昨天夜班，或最近一个月', matter: '属于哪一类', notSure: '说不清', authority: '由谁受理', nearest: '{name}（当地）', choose: '请选择', authorityHint: '担心当地不管，可以选上一级。',
    who: '您是谁', anonymous: '不留姓名', anonymousHint: '照样受理、照样奖励，凭查询码查进展、凭口令领奖', named: '留下姓名或电话', namedHint: '收到后立即加密封存，须两人同意并写明理由才能拆封', name: '姓名', phone: '电话', kind: '您的身份（选填）', notSay: '不说明',
    consent: '我反映的情况尽我所知是真实的。我知道：不留姓名也受理；本页面不保存我的网络地址；留下的姓名和电话会被封存；诬告陷害他人要承担责任。',
    needAbout: '请选择矿山，或写明是哪个矿、什么地方', needContent: '请写清楚发生了什么（至少 5 个字）', needAuthority: '请选择由谁受理', needConsent: '请阅读并勾选', solving: '正在做安全验证…', sending: '正在提交…', send: '提交举报',
    sentTitle: '已收到您的举报', sentTo: '已送达{name}，编号 {number}。', codeFor: '举报 {number} 的查询码，请读给举报人或抄给他：', code: '查询码', codeOnce: '查询码只显示这一次，请抄下来或截图保存。丢失后无法找回；不要告诉任何人。', copy: '复制', copied: '已复制', saveCode: '存为文件', codeUse: '以后凭查询码在这里查看进展、补充情况、领取奖励：',
    followTitle: '查询举报进展', followLead: '输入提交举报时得到的查询码。', find: '查询', codeShape: '查询码由 20 个字母和数字组成', noSuchCode: '没有这个查询码，请检查后重新输入', lost: '查询码丢失无法找回，可以重新举报。', number: '编号', receivedBy: '受理单位', receivedAt: '接收时间', leave: '离开（清除本页内容）',
    state: {
      received: '已收到，等待受理。', accepted: '已经受理，将安排核查。', assigned: '正在核查。', verified: '核查属实，正在处理。', acted: '已经处理。', reward_decided: '已经处理，奖励已确定。', paid: '已经处理，奖励已兑付。', replied: '已经答复。', closed: '已经办结。', returned: '没有受理，原因见答复。', false: '核查不属实，说明见答复。', merged: '与另一件举报合并办理。',
    },
    thread: '往来', noMessages: '还没有往来。', you: '您', officer: '受理人员', wasRead: '已读', notRead: '未读', writeHint: '补充情况，或回复受理人员', sendMore: '发送',
    reward: '奖励', noReward: '还没有确定奖励。查实后按规定奖励，可以先设好领取方式。', setClaim: '设置领奖方式', changeClaim: '更换领奖方式', byWord: '凭口令领取', byAccount: '汇入账户', wordHint: '6 到 60 个字，只有您知道', wordHelp: '领奖时说出口令即可，不登记身份。系统只保存口令的摘要，谁也看不到。', accountHint: '开户行、户名、账号', accountHelp: '账户会像姓名一样封存，由两人同意后才能拆封汇款。',
    wordSet: '已设置领奖口令。领奖时凭口令，不登记身份。', accountSet: '已封存领奖账户。', claimAt: '领奖请联系：', giveHint: '电话、信件、来访的举报人也可以凭查询码查进展、设口令。', give: '生成查询码', hasCode: '这件举报已有查询码，只有举报人知道', payTitle: '凭口令兑付', payHint: '请举报人说出口令，由系统核对；错 5 次后须由举报人重新设置。不登记身份。', word: '领奖口令', paidOn: '兑付日期', slip: '领款凭证号（无身份信息）', pay: '核对并兑付', paid: '已兑付',
  },
  sealed: {
    title: '封存信息', ask: '申请拆封', asked: '已提交，等待第二人同意', what: '已封存：{fields}。须两人同意才能查看，每次查看都留痕。', rule: '写明理由后，由另一名有权人员同意，您才能在限定时间内查看。申请、同意和每次查看都记入变更日志。', reason: '拆封理由', look: '查看', until: '可查看至', over: '已过时限',
  },
  poster: {
    title: '举报二维码', hint: '张贴在井口、更衣室、村务公开栏', of: '张贴地点', area: '全区域（{name}）', print: '打印 A4', call: '发现危险、违法生产、瞒报事故，请告诉我们', code: '二维码：{link}', scan: '手机扫一扫，马上举报', anonymous: '可以不留姓名，不保存网络地址', sealed: '留下的姓名电话立即封存，两人同意才能拆封', reward: '查实有奖，凭口令领取，不登记身份', by: '受理单位：{name}',
  },
  uploads: {
    title: '数据上传', tab: { health: '运行状况', ledger: '文件台账', quarantine: '隔离数据' }, health: '上传状况', mine: '矿山', anyMine: '全部矿山', systemHead: '系统', system: { aqjk: '安全监控', rydw: '人员定位', other: '其他' }, condition: '状况',
    mark: { fine: '正常', rejects: '有拒收', lagging: '滞后', silent: '中断' }, lastFile: '最近文件', lastArrival: '最近到达', lag: '滞后', accepted: '今日接收', rejected: '今日拒收', quarantined: '隔离', gaps: '今日缺口', verdict: '结论', anyVerdict: '全部结论',
    verdicts: { accepted: '已接收', partial: '部分接收', correction: '更正', stale: '过期', duplicate: '重复', rejected: '拒收', waiting: '等待中' }, noFeeds: '还没有上传', noRows: '没有文件', noQuarantine: '没有被隔离的数据', quarantineHint: '没有定义的测点数据先行隔离，定义到达后自动放行。',
    records: '{n} 条记录', badRecords: '{all} 条中 {bad} 条有误', headerTime: '文件头时间', heldBack: '{n} 条已隔离', readings: '{n} 个读数', reason: { unknown_point: '测点没有定义', no_definition: '测点没有定义' },
  },
  packs: {
    title: '规则包', hint: '正在执行的规则、限值及其依据', tab: { packs: '规则包', settings: '启停', rules: '报警规则', limits: '限值' }, find: '查找', digest: '摘要', count: { clauses: '条款', duties: '应办事项', forms: '报表', record_types: '台账', workflows: '流程', dictionaries: '字典', roles: '角色', limits: '限值', alarm_rules: '报警规则', rules: '报警规则', escalation: '升级步骤', dialects: '上传格式', examples: '示例' },
    level: { core: '基础', national: '国家', province: '省', city: '市', county: '县' }, disabled: '未启用', byPeak: '按峰值定级', params: '参数', unless: '不报的情形', suppress: { calibration: '标校', late: '迟到数据', blasting_plan: '爆破报备', planned_work: '计划作业', stopped: '停产' },
    escalation: '逐级上报', anyGrade: '任一级别', after: '未确认', floor: '国家底线', limitCount: '{n} 条限值', noSource: '自行设计', confidence: { C: '有据', C_field: '现场所见', C_test: '测试文件所见', G: '推断', U: '未证实', D: '自定' },
    change: {
      new: '启停规则包', title: '启用、停用或替代规则包', hint: '先看影响，再拟定，最后生效；全程留痕', switchable: '可启停', none: '没有启停记录', noneHint: '规则包按各自的效力执行', look: '查看影响', since: '生效于', what: '动作', pack: '规则包', by: '由何包替代', region: '适用区域', first_day: '起始日', last_day: '截止日（留空为长期）', until: '影响看到哪一天', reason: '理由和批准文号',
      action: { switch_on: '启用', switch_off: '停用', replace: '替代' }, preview: '预览影响', prepare: '拟定', prepared: '已拟定，尚未生效', putInForce: '生效', putInForceText: '生效后将按新的规则重新计算所涉全部应办事项。', inForce: '已生效', withdraw: '撤销', withdrawReason: '撤销理由', withdrawn: '已撤销', first: '填好后先预览影响，才能拟定。', appear: '新增事项', vanish: '消失事项', turn: '状态改变', unchanged: '不变', rules: '涉及事项', sample: '以下为其中 {n} 项',
    },
  },
  accounts: {
    tools: '账号管理', password: '重置口令', passwordTitle: '重置口令', passwordText: '将为“{name}”生成新口令，旧口令立即失效。', token: '签发令牌', tokenTitle: '签发令牌', tokenText: '将为“{name}”签发新令牌，旧令牌立即失效。', disable: '停用', enable: '启用', disableTitle: '停用账号', disableText: '“{name}”将不能再登录。', once: '仅显示这一次，请立即交给本人或妥善保存。', copy: '复制', copied: '已复制', copyByHand: '请手动选中复制',
  },
  log: { title: '变更日志', verify: '校验日志', ok: '日志完整，共 {n} 条，未被篡改。', bad: '日志校验失败，首个异常条目：#{n}', actor: '操作人', type: '台账', anyType: '全部台账' },
  me: { account: '账号', displayName: '姓名', organisation: '单位', level: '层级', roles: '角色', screen: '界面', theme: '外观', light: '浅色', dark: '深色', tryTone: '试听' },
  system: { REG: '基础档案', MON: '监测预警', HAZ: '隐患排查治理', SHF: '人员与下井', WRK: '从业人员' },
  exam: {
    title: '考试', true: '正确', false: '错误', worth: '{n} 分', right: '答对', wrong: '答错', unanswered: '未答', rightOption: '正确答案', yourOption: '您的答案', basis: '依据：', points: '分', passed: '合格', failed: '不合格', passMark: '合格线 {n} 分',
    kind: { single: '单选题', multiple: '多选题', judge: '判断题' }, state: { absent: '缺考。', void: '本试卷已作废。' },
    candidate: '考生', number: '考试编号', questions: '题数', count: '{n} 题', minutes: '时长', needs: '要求', attempt: '次数', attemptOf: '第 {n} 次，共可考 {most} 次', startedAt: '开始', submittedAt: '交卷', start: '开始答题',
    rules: '开始后计时，以服务器时间为准。每答一题即保存；断网或关闭页面后，在时限内可在任何设备上继续。到时自动交卷，交卷后立即评分；正确答案在考试结束后可查。', notOpen: '尚未开考，请等候考试管理员开考。', reviewLater: '考试结束后可在此查看正确答案。', officerWaits: '考生尚未交卷；作答内容在考试结束后可查。', mayResit: '可以补考：请联系考试管理员。',
    left: '剩余时间', answered: '已答 {n} / {all}', saved: '已全部保存', unsent: '{n} 题待保存，正在重试', handIn: '交卷', handInMissing: '还有 {n} 题未答。交卷后不能再改，确定交卷？', handInAll: '{n} 题全部作答。交卷后不能再改，确定交卷？', goOn: '继续答题', isAnswered: '已答', move: '换题', previous: '上一题', next: '下一题',
    review: '答卷', onlyWrong: '只看错题', toMine: '返回我的考试', codeShort: '考号为 10 位字母和数字', codeUnknown: '没有这个考号，或考试已归档。请核对后重新输入；仍不行的，请考试管理员重新签发。', otherCode: '换一个考号', enterCode: '输入考号', codeHint: '考号由考试管理员或检查人员当场发给您，不需要账号。', code: '考号', enter: '进入考试',
    mineHint: '本人的考试与成绩', none: '没有考试', noneHint: '被列为考生后，考试会出现在这里。', open: '进入', look: '看答卷', scored: '{n} 分', blueprint: '组卷要求与题库', kindOf: '题型', each: '每题分值', onHazards: '其中重大隐患', total: '合计', lacking: '题库仅 {n} 道', bankHas: '题库可用 {n} 道', bankLacks: '题库不足，考生无法开始。请补充试题或减少题数。', unusable: '{n} 道题的答案与选项不符，不会被抽到。',
    choosePersons: '选择人员', chooseMine: '请选择矿山', added: '已添加 {n} 名考生', addCandidates: '添加考生', byName: '指定人员', atRandom: '从矿山人员中随机抽取', howMany: '抽取人数', randomHint: '由服务器在未停用、尚未列为考生的人员中等概率抽取。', add: '添加', codeOf: '{name} 的考号', codeWhere: '在任意手机浏览器打开 {place}，输入考号即可作答。', codeOnce: '考号只显示这一次。重新签发后，旧考号失效。', thisDevice: '在本机作答', score: '成绩', giveCode: '签发考号', resit: '补考',
    question: '试题', asked: '抽到', correctShare: '正确率', givenAnswers: '作答分布', closeText: '{done} 人已交卷；{absent} 人未开始，将记为缺考。结束后考生可查看正确答案。', close: '结束考试并统计', candidates: '考生', counts: '{all} 份 · 答题中 {running} · 合格 {passed} · 不合格 {failed}', noCandidates: '还没有考生', figures: '试题统计', figuresOf: '{n} 份试卷',
  },
  views: {
    title: '筛选方案', changed: '条件已改动，尚未保存', none: '还没有保存的筛选。设好条件后点“保存当前筛选”。', saved: '筛选已保存', isDefault: '默认', isShared: '共享 · {name}', me: '我', makeDefault: '设为默认：打开列表即用', noDefault: '取消默认', edit: '编辑', remove: '删除', removed: '已删除“{name}”', undo: '撤销', update: '把改动存入“{name}”', saveNew: '保存当前筛选', leave: '不用筛选方案', name: '名称', share: '与本单位所有人共享', holds: '保存条件、排序和显示的列；可用链接打开。',
  },
  bulk: {
    papers: '下载已签发文书 {from}–{to}（ZIP）', title: '批量办理', picked: '已选 {n} 条', cut: '符合条件的更多，一次最多 {n} 条', all: '选择全部 {n} 条', allUnknown: '选择全部符合条件的', noStep: '所选记录没有共同可办的步骤', export: '导出所选', clear: '取消选择', pickPage: '选择本页全部', pickRow: '选择：{title}', ask: '将对 {n} 条记录执行“{step}”。', hint: '逐条核对权限与条件，互不影响；不符合的不会改动，并列出原因。', done: '已办理 {n} 条', refused: '未办理 {n} 条', of: '已处理 {n} / {all}', run: '对 {n} 条执行', stop: '停止',
  },
  print: { button: '打印', by: '{name}（{organisation}）打印于 {at}', filter: '筛选条件：', chosen: '已选定' },
  papers: {
    title: '文书', preview: '预览', issue: '签发', issueTitle: '签发文书', ask: '签发“{name}”？签发后编号固定，内容不能再改。', askStep: '签发“{name}”？如本记录尚未办理，将同时办理“{step}”。签发后编号固定，内容不能再改。',
    done: '已签发：{name}', doneNumber: '已签发：{name}，{number}', pages: '{n} 页', by: '签发：{name}', code: '防伪码', ledger: '打印台账（PDF）',
    bar: { state: '本状态下不能签发', role: '您的角色不能签发', hidden: '含受保护内容，须由能查看的人员签发' },
  },
  verify: {
    title: '文书真伪查验', lead: '输入文书页脚的防伪码，或扫描二维码。只显示签发机关、文书种类、文号、日期和是否有效。', find: '查验', shape: '防伪码为 16 位字母和数字', unknown: '没有以此防伪码签发的文书。请核对后再试。',
    given: '本系统签发过此文书，现行有效', void: '本系统签发过此文书，但已失效', voidSince: '失效日期', voidHint: '它已被作废、撤回，或所证明的情况已改变。请勿据此办理，可向签发机关核实。', office: '签发机关', kind: '文书种类', number: '文号', day: '签发日期', compareHint: '选择手中的 PDF 文件，可核对内容是否被改动；文件只用于比对，不会保存。', compare: '比对文件',
    same: '“{file}”与签发的文件一致', other: '“{file}”与签发的文件不一致',
  },
  notFound: { title: '没有这个页面或记录', text: '它可能不存在，或不在您的权限范围内。', home: '回到首页' },
};
