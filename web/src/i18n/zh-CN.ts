// 界面文字：中文。键与 en.ts 完全一致（有测试）。
export default {
  app: { name: '矿安卫 Mineward', short: '矿安卫', tag: '矿山安全监管', idea: '法规即数据，证据即数据。系统持续比对两者，说清谁、在何时之前、依据哪一条必须行动。' },
  common: {
    all: '全部', back: '返回', beijing: '（北京时间）', cancel: '取消', chinese: '中文', close: '关闭', comma: '、', confirm: '确定', empty: '暂无内容', english: '英文',
    language: '语言', loading: '正在加载', more: '加载更多', no: '否', none: '无', retry: '重试', skip: '跳到正文', stay: '留在本页', toChinese: '中文', toEnglish: 'EN', yes: '是',
    yuan: '{amount} 元', yuanUnit: '元',
  },
  duration: { d: '{n} 天', h: '{n} 小时', min: '{n} 分', s: '{n} 秒' },
  nav: {
    main: '主导航', board: '监管看板', live: '实时监测', alarms: '报警', hazards: '隐患', duties: '应办事项', forms: '报表', clauses: '条款', uploads: '数据上传', records: '台账', accounts: '账号', organisations: '机构',
    packs: '规则包', log: '变更日志', me: '我的账号', more: '更多', search: '搜索', todo: '我的待办', group: { work: '业务', admin: '管理' },
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
    reason_required: '请写明更正理由', required: '必填', too_long: '内容太长', out_of_range: '超出允许范围', bad_format: '格式不正确', unknown_code: '不在可选项中', not_unique: '已存在相同的值', not_found: '所选对象不存在', read_only: '此项不能修改',
    unknown_field: '没有这个字段', same_person: '必须由另一人办理', evidence: '请上传佐证材料', bad_file: '文件不符合要求', rule: '不符合规定', not_stored: '本节点没有密钥，无法保存', other: '填写有误',
  },
  fileFault: {
    E_TERM: '文件不完整，缺少结束符', E_FIELDS: '字段数量不符', E_NAME: '文件名不规范', E_HEAD: '文件头有误', E_TYPE: '数据类型不符', E_ENC: '字符编码有误', E_DUP: '重复文件',
    E_DECRYPT: '无法解密', E_UNKNOWN_POINT: '测点没有定义', E_STALE: '文件过期', E_MINE: '矿山编码未登记', E_FUTURE: '时间在未来',
  },
  grade: { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色' },
  quality: { stale: '数据过时', doubtful: '数据存疑' },
  live: { off: '未连接', connecting: '正在连接', live: '实时', reconnecting: '正在重连', staleSince: '{time} 起未更新', tryNow: '立即重连' },
  search: { title: '搜索', placeholder: '搜索报警、隐患、人员、测点…', button: '搜索', hint: '支持一两个字的中文词。', none: '没有找到“{words}”' },
  help: {
    title: '快捷键', search: '搜索', help: '显示本帮助', move: '在列表中下移、上移', open: '打开选中的一项', close: '关闭窗口或退出大屏', tab: '在控件之间移动',
    grades: '◆ 红、▲ 橙、■ 黄、● 蓝四种颜色只表示预警级别，由重到轻。',
  },
  board: {
    title: '{name} · 监管看板', asOf: '截至', wall: '大屏模式', leaveWall: '退出大屏', totals: '合计', ranking: '矿山关注排序', noMines: '范围内没有矿山', score: '关注分，越高越应先看', points: '分', calm: '无加分项，平稳',
    openAlarms: '未结报警', unanswered: '待确认', hazards: '未销号隐患', overdue: '逾期 {n}', overdueHazards: '逾期隐患', people: '井下人数', silence: '距上次数据', never: '从未上传',
    part: {
      red: '红色报警', orange: '橙色报警', yellow: '黄色报警', blue: '蓝色报警', unanswered: '报警待确认', overdue_hazards: '隐患逾期', open_hazards: '隐患未销号', people_over_quota: '超定员', hours_of_silence: '数据中断',
    },
  },
  mine: {
    pick: '选择矿山', open: '实时监测', simulated: '模拟数据', peopleBelow: '井下 {n} 人', asOf: '数据时间', record: '矿山档案', tabPoints: '测点', tabPeople: '井下人员', inAlarm: '{n} 个报警', points: '{n} 个测点', noPoints: '还没有测点定义',
    noPlace: '其他位置', find: '查找位置或编码', sensor: '传感器', anySensor: '全部传感器', onlyOdd: '只看异常', on: '开', off: '停', noValue: '无数据', limit: '限值', limits: '执行限值', ownLimit: '矿方上传限值', limitSource: '限值依据', code: '测点编码', toAlarm: '查看报警', pointRecord: '测点档案',
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
  hazards: {
    title: '隐患', report: '上报隐患', asBoard: '看板', asList: '列表', tab: { open: '未销号', mine: '我负责的', accepting: '待验收', overdue: '已逾期', closed: '已结束', all: '全部' }, none: '没有符合条件的隐患', boardPart: '只显示最近 {n} 条', fiveItems: '五落实', notYet: '未填',
    finding: '隐患情况', rectification: '整改情况', acceptance: '验收情况', overdueBy: '逾期 {n} 天', dueToday: '今日到期', dueIn: '还有 {n} 天', ownWork: '您是整改人或责任人，本条须由另一人验收。',
  },
  steps: { done: '已完成：{step}', samePerson: '您就是本条的“{field}”，此步骤须由另一人办理，以保证监督有效。', needs: '还缺：{field}', danger: '此操作不可撤销，请确认。', reason: '理由', ask: '确定对“{title}”执行“{step}”？' },
  conflict: { title: '内容已被他人更改', text: '{who} 于 {when} 修改了这条记录。请比较两个版本。', state: '当前状态：{state}', field: '字段', mine: '您的修改', stored: '已保存', take: '放弃我的修改', keep: '仍保存我的修改' },
  history: {
    title: '变更记录', begin: '{step}：提请会签', sign: '{step}：签署', return: '{step}：退回', raise: '由此生成', reason: '理由：{reason}', step: '办理步骤', system: '系统', values: '{n} 项变更',
    action: { create: '创建', update: '修改', import: '导入', sign_in: '登录', sign_out: '退出登录', sign_in_failed: '登录失败', locked: '账号锁定', password: '修改口令', password_reset: '重置口令', token: '签发令牌', escalate: '升级', clear: '解除', export: '导出' },
  },
  records: {
    state: '状态', anyState: '全部状态', any: '{field}：不限', words: '查找', filters: '筛选', clear: '清除条件', until: '至', columns: '选择列', export: '导出 CSV', create: '新建', none: '还没有记录', noMatch: '没有符合条件的记录', pages: '分页', total: '共 {n} 条', page: '第 {n} 页', previous: '上一页', next: '下一页',
    typesHint: '规则包声明的全部台账', findType: '查找台账或系统', noType: '没有这样的台账', version: '第 {n} 版', hideEmpty: '隐藏空白项', showEmpty: '显示 {n} 个空白项', flow: '流程', unnamed: '（未命名）', files: '{n} 个文件', file: '文件 {n}', picture: '图片 {n}', pictures: '图片', openPicture: '查看图片 {n}', removeFile: '移除文件 {n}', addFile: '添加文件', dropHere: '或拖到此处', sending: '正在上传…',
  },
  signing: {
    title: '{step}：待会签', sign: '签署同意', return: '退回', withdraw: '撤回', begun: '由 {name} 提请', opinion: '意见', signed: '已签署', returned: '已退回',
  },
  clocks: {
    title: '时限', due: '期限', left: '剩余', over: '已超', from: '起算', ended: '办结', unverified: '待核实', unverifiedHint: '尚未与正式文本核对，不得作为处罚依据',
    state: { waiting: '未起算', running: '进行中', half: '过半', soon: '将到期', paused: '中止', overdue: '超期', met: '按期办结', met_late: '超期办结', over: '已终结' },
  },
  links: {
    title: '关联台账', to: '生成', from: '来自', ask: '由“{title}”生成{type}，请补充必填内容。',
  },
  todo: {
    hint: '等我签署的事项，和正在走的法定时限', signatures: '等我签署', clocks: '时限', all: '显示范围内全部', noSignatures: '没有等您签署的事项', noClocks: '没有正在走的时限',
  },
  form: {
    newTitle: '新建{type}', save: '保存', edit: '编辑', choose: '请选择', noChoice: '没有可选项', date: '选择日期', time: '选择时间', required: '必填', clause: '依据 {clause}', check: '有内容需要更正，请看标出的字段。', created: '已创建', saved: '已保存', leave: '离开', leaveTitle: '有未保存的修改', leaveText: '离开后修改将丢失。',
  },
  import: {
    button: '导入', title: '导入{type}', text: '请选择 UTF-8 或 GB18030 编码的 CSV 文件，首行为字段名，与导出的格式相同。', file: 'CSV 文件', keepGood: '有错误时仍导入正确的行', send: '导入', result: '新建 {created} 条，更新 {updated} 条，未变 {unchanged} 条', faults: '{n} 处错误', row: '行', column: '列', what: '问题',
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
  notFound: { title: '没有这个页面或记录', text: '它可能不存在，或不在您的权限范围内。', home: '回到首页' },
};
