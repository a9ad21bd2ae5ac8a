-- A SQLite database as version 0.1.0 of Troth left it, at revision 0004: the demo made small, with the calls of tests/recording
-- that work there. Rows of the log of events and of the inbox were left out for size; lc_campaign_points and lc_crossings have
-- one row each that no call made. Do not change it: tests/unit/test_kept_database.py migrates it to the newest schema.
BEGIN TRANSACTION;
CREATE TABLE advocacy_advocates (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	email VARCHAR(254) NOT NULL, 
	name VARCHAR(120), 
	search TEXT NOT NULL, 
	tier VARCHAR(16) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	referral_code VARCHAR(8) NOT NULL, 
	details JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_advocates PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_advocacy_advocates_tenant_id_email UNIQUE (tenant_id, email)
);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_demo0000000000000001','ana@example.org','Ana Stone','ana stone
ana@example.org','gold','active','api','ANAST2NE','{"city": "Leeds", "seats": 4}',1768219200000,1768478400003);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_42598a48fb8736a63c10','valerie.blevins1@example.com','Valerie Blevins','valerie blevins
valerie.blevins1@example.com','silver','active','widget','474JG2XY','{"city": "Leeds", "newsletter": false}',1766526346939,1768291233015);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_bf5128b71b11e91f426b','natalie.warren2@example.org','Natalie Warren','natalie warren
natalie.warren2@example.org','silver','active','invite','J6TERTNE','{"city": "Gdansk", "newsletter": true}',1765485191155,1766701872876);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_4a2755687272bc1cec1a','alicia.steele3@example.net','Alicia Steele','alicia steele
alicia.steele3@example.net','gold','active','import','YZPB3H3A','{}',1756969296742,1761427983368);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_32dff921ff37c5134ddb','melissa.foster4@example.net','Melissa Foster','melissa foster
melissa.foster4@example.net','bronze','active','sso','6SY38T5V','{"city": "Boston", "newsletter": true}',1754066980843,1754066980843);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_f6c4074f17d056154f46','taylor.barry5@example.org','Taylor Barry','taylor barry
taylor.barry5@example.org','gold','active','api','66BWJYVS','{"city": "Turku", "newsletter": false}',1767057445730,1768316744457);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_ac249033e9a96366c660','philip.flynn6@example.com','Philip Flynn','philip flynn
philip.flynn6@example.com','silver','active','widget','TNQXLZCK','{}',1763157159742,1765934640699);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_c779c633436b2c113599','sean.brown7@example.net','Sean Brown','sean brown
sean.brown7@example.net','bronze','active','invite','2ZK7Z4JJ','{"city": "Gdansk", "newsletter": false}',1766048562038,1766048562038);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_c0677bdf6b59317ed559','holly.howell8@example.org','Holly Howell','holly howell
holly.howell8@example.org','bronze','active','import','QN9ZXPRU','{"city": "Lyon", "newsletter": true}',1767509453946,1767509453946);
INSERT INTO "advocacy_advocates" VALUES(2,'adv_7y4avw6cmp20jd4iueop','ben@example.org','Ben Okafor','ben okafor
ben@example.org','bronze','active','api','YGEA8BQ4','{"city": "York"}',1768478400002,1768478400002);
CREATE TABLE advocacy_boards (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	description VARCHAR(2000), 
	is_public BOOLEAN NOT NULL, 
	idea_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_boards PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_boards" VALUES(2,'brd_demo0000000000000001','Product ideas','What should we build next?',1,3,1752926400000);
CREATE TABLE advocacy_completions (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	quest_id VARCHAR(36) NOT NULL, 
	task_id VARCHAR(36) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	points_awarded INTEGER NOT NULL, 
	quest_completed BOOLEAN NOT NULL, 
	completed_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_completions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_advocacy_completions_tenant_id_advocate_id_task_id UNIQUE (tenant_id, advocate_id, task_id)
);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_93ce70f5afe94c83acd5','qst_d29a06cd3413962e9164','tsk_55fb8cff3c5d98717e68','adv_4a2755687272bc1cec1a',100,0,1763638596053);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_4e95fde1931c21e9a067','qst_d29a06cd3413962e9164','tsk_35d4f0ba50fbbbafc572','adv_4a2755687272bc1cec1a',50,0,1763685971250);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_13c2a46dc7e2a8fafcd4','qst_demo0000000000000001','tsk_demo0000000000000001','adv_ac249033e9a96366c660',200,0,1768269053059);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_58584e5c3ed56ec77cc5','qst_demo0000000000000001','tsk_demo0000000000000001','adv_bf5128b71b11e91f426b',200,0,1768341781323);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_0389d5454b4dbf642e73','qst_demo0000000000000001','tsk_demo0000000000000002','adv_bf5128b71b11e91f426b',150,1,1768375516059);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_30fbb64846577ac4e7ee','qst_demo0000000000000001','tsk_demo0000000000000001','adv_c0677bdf6b59317ed559',200,0,1768405061143);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_428487ef3731b78d205e','qst_demo0000000000000001','tsk_demo0000000000000002','adv_c0677bdf6b59317ed559',150,1,1768433236128);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_719virjkk2jasdgd4hz5','qst_demo0000000000000001','tsk_demo0000000000000001','adv_demo0000000000000001',200,0,1768478400013);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_41cu1hv42dvqgbkpiy3n','qst_j61fk464nqbson898phs','tsk_kcqu8fklaisnn2za5agr','adv_demo0000000000000001',200,0,1768478400014);
INSERT INTO "advocacy_completions" VALUES(2,'cmp_yjiye8tswycld6bteds1','qst_j61fk464nqbson898phs','tsk_d056lchlmofx1ih2x3rv','adv_demo0000000000000001',150,1,1768478400015);
CREATE TABLE advocacy_conversions (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	code VARCHAR(8) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	order_id VARCHAR(128) NOT NULL, 
	order_value_minor INTEGER NOT NULL, 
	points_awarded INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_conversions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_advocacy_conversions_tenant_id_order_id UNIQUE (tenant_id, order_id)
);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_b234393f72e0f98b51af','6SY38T5V','adv_32dff921ff37c5134ddb','order-2003',13665,100,1767365880029);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_d0fef8d40f7eac4fe5d8','66BWJYVS','adv_f6c4074f17d056154f46','order-2002',23453,100,1767892120215);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_426992fc05eff82d27ab','ANAST2NE','adv_demo0000000000000001','order-2001',4950,100,1768232814839);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_d1308973d159c744b2f0','ANAST2NE','adv_demo0000000000000001','order-2000',9900,100,1768381272782);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_0t0gewuztjuo6o4h07ed','ANAST2NE','adv_demo0000000000000001','o-1',4990,100,1768478400019);
INSERT INTO "advocacy_conversions" VALUES(2,'cnv_qb9blmnvo098trmovdpc','ANAST2NE','adv_demo0000000000000001','kept-1',4990,100,1768914000147);
CREATE TABLE advocacy_ideas (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	board_id VARCHAR(36) NOT NULL, 
	title VARCHAR(200) NOT NULL, 
	description VARCHAR(5000), 
	status VARCHAR(16) NOT NULL, 
	votes INTEGER NOT NULL, 
	advocate_id VARCHAR(36), 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_ideas PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_ideas" VALUES(2,'ida_demo0000000000000001','brd_demo0000000000000001','A dark theme','My eyes would be grateful.','open',17,'adv_demo0000000000000001',1768305600000,1768305600000);
INSERT INTO "advocacy_ideas" VALUES(2,'ida_10c3ad791dc0bef786f7','brd_demo0000000000000001','Faster search on contacts','It takes seconds.','under_review',2,'adv_42598a48fb8736a63c10',1767466444487,1767638875154);
INSERT INTO "advocacy_ideas" VALUES(2,'ida_1c353271aceb829e4a5c','brd_demo0000000000000001','Connect reports','We use it for everything else.','planned',0,'adv_ac249033e9a96366c660',1765646656808,1767808080294);
CREATE TABLE advocacy_mappings (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	external_customer_id VARCHAR(255) NOT NULL, 
	external_email VARCHAR(254), 
	external_name VARCHAR(120), 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_mappings PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_advocacy_mappings_tenant_id_external_customer_id UNIQUE (tenant_id, external_customer_id)
);
INSERT INTO "advocacy_mappings" VALUES(2,'map_demo0000000000000001','adv_demo0000000000000001','cust_42','ana@shop.example.org','Ana Stone',1768396580985);
INSERT INTO "advocacy_mappings" VALUES(2,'map_e88685e4d3694a9c3332','adv_42598a48fb8736a63c10','cust_43','valerie.blevins1@example.com','Valerie Blevins',1766799848754);
INSERT INTO "advocacy_mappings" VALUES(2,'map_goqwbfyg61p8r2bo2qz8','adv_demo0000000000000001','c-1',NULL,NULL,1768478400001);
CREATE TABLE advocacy_quests (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	title VARCHAR(160) NOT NULL, 
	description VARCHAR(2000), 
	status VARCHAR(16) NOT NULL, 
	reward_points INTEGER NOT NULL, 
	task_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_quests PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_quests" VALUES(2,'qst_demo0000000000000001','Welcome aboard','Two small things to begin with.','active',100,2,1768132800000,1768132800000);
INSERT INTO "advocacy_quests" VALUES(2,'qst_d29a06cd3413962e9164','Be our voice',NULL,'active',250,3,1762088462436,1762088462436);
INSERT INTO "advocacy_quests" VALUES(2,'qst_8xyp1ki7716vhnvfcs1f','Answer our survey',NULL,'active',25,1,1768478400011,1768478400011);
INSERT INTO "advocacy_quests" VALUES(2,'qst_j61fk464nqbson898phs','Welcome aboard','Two small things to begin with.','active',100,2,1768478400012,1768478400012);
CREATE TABLE advocacy_redemptions (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	reward_id VARCHAR(36) NOT NULL, 
	reward_name VARCHAR(120) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	points_spent INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	code VARCHAR(16), 
	created_ms INTEGER NOT NULL, 
	fulfilled_ms INTEGER, 
	CONSTRAINT pk_advocacy_redemptions PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_redemptions" VALUES(2,'red_03e927b6c571b62c2cd7','rwd_d805e09573c0b9088c57','Blue mug','adv_32dff921ff37c5134ddb',150,'fulfilled',NULL,1766125094764,1766557094764);
INSERT INTO "advocacy_redemptions" VALUES(2,'red_e123bcb8781a73a47365','rwd_22b5addbe4d05022522b','Ten percent off','adv_4a2755687272bc1cec1a',200,'fulfilled','MJXWKARX8XMJUN9B',1768317882108,1768317882108);
INSERT INTO "advocacy_redemptions" VALUES(2,'red_bf0d472b564e748a94d4','rwd_demo0000000000000001','Coffee gift card','adv_demo0000000000000001',500,'fulfilled','ZFFPZP2B3V4J33A6',1768435200000,1768435200000);
INSERT INTO "advocacy_redemptions" VALUES(2,'red_2qqzpq2lf4o5cz0gmadx','rwd_demo0000000000000001','Coffee gift card','adv_demo0000000000000001',500,'fulfilled','YUW4QN7UL8CVZPWF',1768478400007,1768478400007);
INSERT INTO "advocacy_redemptions" VALUES(2,'red_3ni8yw4qr3b2734oibxo','rwd_b06662bpf3decc582plt','Mug','adv_demo0000000000000001',5,'pending',NULL,1768478400009,NULL);
CREATE TABLE advocacy_referral_clicks (
	tenant_id INTEGER NOT NULL, 
	code VARCHAR(8) NOT NULL, 
	visitor_id VARCHAR(128) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_referral_clicks PRIMARY KEY (tenant_id, code, visitor_id)
);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1000',1768323204758);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1001',1768284143678);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1002',1768386271354);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1003',1768349197193);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1004',1768427160414);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1005',1768264632067);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1006',1768356962824);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','visitor-1007',1768393075615);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','v1',1768478400016);
INSERT INTO "advocacy_referral_clicks" VALUES(2,'ANAST2NE','v2',1768478400018);
CREATE TABLE advocacy_referral_codes (
	tenant_id INTEGER NOT NULL, 
	code VARCHAR(8) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	clicks INTEGER NOT NULL, 
	conversions INTEGER NOT NULL, 
	revenue_minor INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_referral_codes PRIMARY KEY (tenant_id, code), 
	CONSTRAINT uq_advocacy_referral_codes_tenant_id_advocate_id UNIQUE (tenant_id, advocate_id)
);
INSERT INTO "advocacy_referral_codes" VALUES(2,'ANAST2NE','adv_demo0000000000000001','active',10,4,24830,1768219200000);
INSERT INTO "advocacy_referral_codes" VALUES(2,'474JG2XY','adv_42598a48fb8736a63c10','active',0,0,0,1766526346939);
INSERT INTO "advocacy_referral_codes" VALUES(2,'J6TERTNE','adv_bf5128b71b11e91f426b','active',0,0,0,1765485191155);
INSERT INTO "advocacy_referral_codes" VALUES(2,'YZPB3H3A','adv_4a2755687272bc1cec1a','active',0,0,0,1756969296742);
INSERT INTO "advocacy_referral_codes" VALUES(2,'6SY38T5V','adv_32dff921ff37c5134ddb','active',0,1,13665,1754066980843);
INSERT INTO "advocacy_referral_codes" VALUES(2,'66BWJYVS','adv_f6c4074f17d056154f46','active',0,1,23453,1767057445730);
INSERT INTO "advocacy_referral_codes" VALUES(2,'TNQXLZCK','adv_ac249033e9a96366c660','active',0,0,0,1763157159742);
INSERT INTO "advocacy_referral_codes" VALUES(2,'2ZK7Z4JJ','adv_c779c633436b2c113599','active',0,0,0,1766048562038);
INSERT INTO "advocacy_referral_codes" VALUES(2,'QN9ZXPRU','adv_c0677bdf6b59317ed559','active',0,0,0,1767509453946);
INSERT INTO "advocacy_referral_codes" VALUES(2,'YGEA8BQ4','adv_7y4avw6cmp20jd4iueop','active',0,0,0,1768478400002);
CREATE TABLE advocacy_rewards (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(120) NOT NULL, 
	description VARCHAR(2000), 
	points_cost INTEGER NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	stock INTEGER, 
	status VARCHAR(16) NOT NULL, 
	redemption_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_rewards PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_demo0000000000000001','Coffee gift card','Good for ten euros in any of our shops.',500,'gift_card',23,'active',2,1768046400000,1768478400007);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_22b5addbe4d05022522b','Ten percent off','On the next order.',200,'discount',NULL,'active',1,1754850675309,1768317882108);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_d805e09573c0b9088c57','Blue mug',NULL,150,'product',119,'active',1,1755342904931,1766125094764);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_7bf74a08422bc1f472b6','Factory tour','For two.',900,'experience',10,'active',0,1754653056752,1754653056752);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_4f34b8490d79973d37cb','A tree planted','In your name.',100,'donation',NULL,'active',0,1759382350886,1759382350886);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_d1f6ywh4me3zkev0xppu','Factory tour','For two.',300,'experience',10,'active',0,1768478400006,1768478400006);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_b06662bpf3decc582plt','Mug',NULL,5,'product',0,'active',1,1768478400008,1768478400009);
INSERT INTO "advocacy_rewards" VALUES(2,'rwd_mnt01gy49xuu5lwu96rr','Trip',NULL,1000000,'custom',NULL,'active',0,1768478400010,1768478400010);
CREATE TABLE advocacy_sessions (
	tenant_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	advocate_id VARCHAR(36) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	expires_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_sessions PRIMARY KEY (tenant_id, digest)
);
INSERT INTO "advocacy_sessions" VALUES(2,'ddd8ff128592cbcac6370d1759e88e62037c21c98814463649a166fa9d0021d1','adv_demo0000000000000001',1768914000146,1768917600146);
CREATE TABLE advocacy_tasks (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	quest_id VARCHAR(36) NOT NULL, 
	title VARCHAR(160) NOT NULL, 
	description VARCHAR(2000), 
	type VARCHAR(16) NOT NULL, 
	points INTEGER NOT NULL, 
	url VARCHAR(2048), 
	place INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_tasks PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_demo0000000000000001','qst_demo0000000000000001','Write a review',NULL,'review',200,'https://reviews.example.org/write',1);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_demo0000000000000002','qst_demo0000000000000001','Tell a friend','Any friend will do.','referral',50,NULL,2);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_55fb8cff3c5d98717e68','qst_d29a06cd3413962e9164','Say it in your words','Two sentences are enough.','testimonial',100,NULL,1);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_35d4f0ba50fbbbafc572','qst_d29a06cd3413962e9164','Share the launch',NULL,'social_share',50,'https://social.example.org/launch',2);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_acf85a6801aefe63b082','qst_d29a06cd3413962e9164','Visit the stand',NULL,'visit',25,NULL,3);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_eyui5rzit6u17xgx4wvn','qst_8xyp1ki7716vhnvfcs1f','Five questions',NULL,'survey',0,NULL,1);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_kcqu8fklaisnn2za5agr','qst_j61fk464nqbson898phs','Write a review',NULL,'review',200,'https://reviews.example.org/write',1);
INSERT INTO "advocacy_tasks" VALUES(2,'tsk_d056lchlmofx1ih2x3rv','qst_j61fk464nqbson898phs','Tell a friend','Any friend will do.','referral',50,NULL,2);
CREATE TABLE advocacy_testimonials (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	advocate_id VARCHAR(36), 
	author_name VARCHAR(120) NOT NULL, 
	author_email VARCHAR(254), 
	content TEXT NOT NULL, 
	rating INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	reviewed_ms INTEGER, 
	CONSTRAINT pk_advocacy_testimonials PRIMARY KEY (tenant_id, id)
);
INSERT INTO "advocacy_testimonials" VALUES(2,'tst_demo0000000000000001','adv_demo0000000000000001','Ana Stone','ana@example.org','They answered on a Sunday, and it worked on Monday.',5,'approved','widget',1768406400000,1768478400021,1768478400021);
INSERT INTO "advocacy_testimonials" VALUES(2,'tst_01e8640ca14839c4bde9','adv_bf5128b71b11e91f426b','Natalie Warren','natalie.warren2@example.org','I was sceptical, and I was wrong. Support knows what it talks about.',1,'approved','widget',1766703750766,1767020233960,1767020233960);
CREATE TABLE advocacy_used_signatures (
	tenant_id INTEGER NOT NULL, 
	signature VARCHAR(64) NOT NULL, 
	until_ms INTEGER NOT NULL, 
	CONSTRAINT pk_advocacy_used_signatures PRIMARY KEY (tenant_id, signature)
);
INSERT INTO "advocacy_used_signatures" VALUES(2,'5d2baf6d5196d61b6f77d49d9ddb8522609cddab33082dc49d5cd0a8ca8d288d',1768914600000);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE credentials (
	digest VARCHAR(64) NOT NULL, 
	tenant_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	scopes JSON NOT NULL, 
	sealed BLOB, 
	hint VARCHAR(8) NOT NULL, 
	demo BOOLEAN NOT NULL, 
	created_ms INTEGER NOT NULL, 
	expires_ms INTEGER, 
	revoked_ms INTEGER, 
	CONSTRAINT pk_credentials PRIMARY KEY (digest), 
	CONSTRAINT fk_credentials_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
INSERT INTO "credentials" VALUES('0158e360f8656b931e3cf5f4d7c461170b7a8687e5faf2243902e6366c20757f',1,'api_key','[]',X'434DD599323AE8546D4B6EF4E83814241FAB13DB6EC64246ABE0DA75D3437916F83529BBE368BEFD6322E40C636B2FCF8E06F169C70FDE18DBDD5EC6B68556','MOCK',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('6c854823fc81478f6679c67c92deea5462011ff5cca6129607a564890755ba6a',2,'api_key','[]',NULL,'MOCK',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('76b6305ae05a08928a0c670f5e1c4b55ef573cdae01cccdce106689574f5f1e5',2,'sso_secret','[]',X'10EB1A500C2672DB654B6BA227A67811054721AFF7A3792C39A07D6136219D054F35316FEA78A80321D6E3513582C40AADFAFD45','cacy',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('ad2e840fccd170e996950b45a6ed610746d36c1c6da4c4d112bba6d8f6341346',3,'personal_access_token','[]',NULL,'MOCK',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('56f76d23db353ac7be02d7a1b4dbb85d8ec2c530aeabf43b3d2176b698a705d4',3,'api_key','[]',NULL,'MOCK',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('a3d6307d30972ed22bb34f4cf2f04b91eeb8e480ceffa978b0e4708dcdce2af5',3,'client_secret','["1001"]',NULL,'mock',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('c99de088c3677537027e41aa4a5ce25b2b67622899eed42eb092fb85e6f60b1d',4,'api_token','["isAdmin"]',NULL,'MOCK',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('acf1ea4ef93c5b74e389e5665e59d0a8e9223417f46f5618b9ed54d5702563f5',5,'api_token','["isAdmin"]',NULL,'OTH0',1,1768478400000,NULL,NULL);
INSERT INTO "credentials" VALUES('fd7df6e5bbfa0f07ec09ad8a24923d429f2c8fb0a6261f09b0c982cb61ec8b0f',4,'api_token','["members:read"]',NULL,'ROTH',0,1,NULL,NULL);
CREATE TABLE deliveries (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	event_id VARCHAR(64) NOT NULL, 
	endpoint_id VARCHAR(64) NOT NULL, 
	url VARCHAR(2048) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	finished_ms INTEGER, 
	CONSTRAINT pk_deliveries PRIMARY KEY (tenant_id, id)
);
INSERT INTO "deliveries" VALUES(1,'7b6ae311c9b2750a28bfb620','30e49cda634d4a0cd505ffe3','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(1,'4ec0785325a2df5ac8a4a542','7538996d2f58a0f31eba45dc','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(1,'655cf5bf853544657775cf78','85f3d4ebb59d41f7a39f701f','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(2,'6d840ed44a6dfdf82ff38413','evt_mtqd14rwrzkhtjdi4rqn','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(2,'2d98dd586383bcaf58bba399','evt_dmrv6r9dyvd34kjtljwf','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(1,'ff5e0e1fa7f7d6f6b110c2be','15ba0e877424f903e1a74e48','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(1,'335d5d656b3ba22dbd11570d','2928b5c2ad46403e6d0c703c','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(1,'2ddc64c2ce4a91ed5ad761a3','98abcb279a3fa71c016ccfb8','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768478400000,1768478400037);
INSERT INTO "deliveries" VALUES(2,'02171fb9fa5f5ad3ee20d26f','evt_xm6e04859rt4z7t2scuy','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400002,1768478400037);
INSERT INTO "deliveries" VALUES(2,'4984ad851f8b88f3fdd8b433','evt_uysdhob9cx0c7dgc7wuv','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400003,1768478400037);
INSERT INTO "deliveries" VALUES(2,'746e1037938e36bb7b459ca1','evt_xpthr2ppv2cimutqko10','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400004,1768478400037);
INSERT INTO "deliveries" VALUES(2,'7ebaefaea38fc5c20df46cfc','evt_3acbrfmehj7qw74s2nhi','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400005,1768478400037);
INSERT INTO "deliveries" VALUES(2,'7ca7b3b9454aaffa14bf9d9c','evt_16sixqi9k2rkfd54xlio','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400007,1768478400037);
INSERT INTO "deliveries" VALUES(2,'43f21bdf6009d0618bc2f751','evt_rsp2n255zk5xhcasslbx','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400007,1768478400037);
INSERT INTO "deliveries" VALUES(2,'f14f8aa901d2d74d84984618','evt_49smlg5y6z8kd6wkwl7w','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400009,1768478400037);
INSERT INTO "deliveries" VALUES(2,'be09545daa1845a1bcf31308','evt_o7u7raa5a4zkmcupc7h0','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400009,1768478400037);
INSERT INTO "deliveries" VALUES(2,'bfec7e896da423aba9477935','evt_wjopoc95iua1ut9ieo4t','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400013,1768478400037);
INSERT INTO "deliveries" VALUES(2,'9abef1f37638bafa6c8e4083','evt_fyhwgq2e0bxp3trnbom8','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400013,1768478400037);
INSERT INTO "deliveries" VALUES(2,'3614839f4f1e8c42422f232c','evt_9cfu0efu0p6c1tuyeuqf','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400014,1768478400037);
INSERT INTO "deliveries" VALUES(2,'71b6a470d5764d7900794867','evt_jeveazsrqupx3elzh2bm','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400014,1768478400037);
INSERT INTO "deliveries" VALUES(2,'91ec6d15be9915b8445ab17f','evt_nt36sfg4ecg8oofb4kx0','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400015,1768478400037);
INSERT INTO "deliveries" VALUES(2,'7cfa278a667a5dc6467d2c7d','evt_e3j2xumrk0lhzq8dsqza','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400015,1768478400037);
INSERT INTO "deliveries" VALUES(2,'d6b449b83dfc561098e0dd24','evt_rvkemoa8ylt0zl0hzzdr','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400015,1768478400037);
INSERT INTO "deliveries" VALUES(2,'537a7cf300a5be7788d3158b','evt_6z35w3z75q1q3w0igjne','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400019,1768478400037);
INSERT INTO "deliveries" VALUES(2,'cb7c72e97bde29790695e058','evt_mw3bdkqpmnkf8ms4h869','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400019,1768478400037);
INSERT INTO "deliveries" VALUES(2,'aedc54a3498cce227bce3bd5','evt_shvnrjpba65iple9ktnf','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','delivered',1,1768478400021,1768478400037);
INSERT INTO "deliveries" VALUES(3,'195ca5174d60134dc1dbfbba','5d47aeb5-2558-4782-b84d-c59562a9a0e1','3dab627d-42d7-4148-8c32-127d0d5da394','http://localhost:8080/_troth/inbox/own','delivered',1,1768478400029,1768478400037);
INSERT INTO "deliveries" VALUES(3,'2c786da0aac0ba4781adb4b6','aa61f235-d2e6-4c76-8895-8277de429cc0','8c154fa0-1dad-4964-9d2f-8458e8e2ae5f','http://localhost:8080/_troth/inbox/leat','delivered',1,1768478400034,1768478400037);
INSERT INTO "deliveries" VALUES(3,'f18d2e88ecaf2d9ac71ed2b4','aa61f235-d2e6-4c76-8895-8277de429cc0','3fec3d13-7146-4338-a5c4-10d0925ccd90','https://hooks.example.org/leat','delivered',2,1768478400034,1768478700037);
INSERT INTO "deliveries" VALUES(3,'bace3f252cb1657b77dd6f8c','aa61f235-d2e6-4c76-8895-8277de429cc0','b446bd03-2ed7-4bb8-9ebd-f57f94efafa3','http://localhost:8080/_troth/inbox/own','delivered',1,1768478400034,1768478400037);
INSERT INTO "deliveries" VALUES(1,'8cce38f9d3a89554cb6f5f08','2ab206e7b266f7d3369a471f','99181137a3d89b01cbf5334a4f07de4373d7705e4844f563cd61e7ab69375324','http://localhost:8080/_troth/inbox/own','delivered',1,1768482000040,1768482000071);
INSERT INTO "deliveries" VALUES(1,'51bbd71e24f2b82a01ee20a5','ba08fa0f4b0ac30287617fe6','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000041,1768485600071);
INSERT INTO "deliveries" VALUES(1,'6891b738c0bcd80dc20b8179','03459b3b074c9c4b9b88a09c','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000043,1768482000071);
INSERT INTO "deliveries" VALUES(1,'f222c9948b96832b93f7f6c2','bba3c276b3649a7e7f4b00db','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000043,1768482000071);
INSERT INTO "deliveries" VALUES(1,'eb821e20f069f39ab3372cfb','ca2a59dd544fe45eb0f60db2','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000043,1768482000071);
INSERT INTO "deliveries" VALUES(1,'e15d56112990fdebb643ab2f','ca2a59dd544fe45eb0f60db2','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000043,1768485600071);
INSERT INTO "deliveries" VALUES(1,'33965fa8e9a27e5b12c7ce07','f5570e0c5fca94323e2e2c8b','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000046,1768482000071);
INSERT INTO "deliveries" VALUES(1,'1bb3ddf72d4f0476ec5d47bd','aa9a95eb3adee7a4ee124417','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000046,1768482000071);
INSERT INTO "deliveries" VALUES(1,'6bc3ff341d5f3b9ac6621238','bac397358d9738cdcd193edb','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000046,1768482000071);
INSERT INTO "deliveries" VALUES(1,'530370a1d4e7482e863593ed','bac397358d9738cdcd193edb','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000046,1768485600071);
INSERT INTO "deliveries" VALUES(1,'3ed7669c5a9e67c20ed28616','15d6b29599cbd0a288e5b56e','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000049,1768482000071);
INSERT INTO "deliveries" VALUES(1,'32bedf83639ee9b3e4b19df9','a4024119d314f4a9b399805d','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000049,1768482000071);
INSERT INTO "deliveries" VALUES(1,'7e156ed2ff3b36775eafb2f6','37a66243f08d8188fd336e56','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000049,1768482000071);
INSERT INTO "deliveries" VALUES(1,'2a2afcbb3db16492bdedef89','37a66243f08d8188fd336e56','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000049,1768485600071);
INSERT INTO "deliveries" VALUES(1,'86d1ab7ed4cf45a295846467','1209ccd7cd014297e70d4f72','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000050,1768482000071);
INSERT INTO "deliveries" VALUES(1,'2ab9a5759c3aa18da025793c','4e4ff5873c196679181b566d','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000051,1768482000071);
INSERT INTO "deliveries" VALUES(1,'826ec78407c9cc3e0d54257e','4aef20822786904b51dee35e','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000051,1768482000071);
INSERT INTO "deliveries" VALUES(1,'6b50bf3c6f01852aca0b484b','6c5e71afed92280d27d739a4','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000051,1768482000071);
INSERT INTO "deliveries" VALUES(1,'ef5768ffb02426ab9e9251b7','6c5e71afed92280d27d739a4','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000051,1768485600071);
INSERT INTO "deliveries" VALUES(1,'c8ba342e251a65ef23d6a674','6e4d58c7b95a388de43f3222','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000051,1768482000071);
INSERT INTO "deliveries" VALUES(1,'5978556af56a28dc4bc4b211','3595f59d0db31d1deaca2605','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000052,1768482000071);
INSERT INTO "deliveries" VALUES(1,'0dd9cca6b8aa455e6bf67a94','3595f59d0db31d1deaca2605','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000052,1768485600071);
INSERT INTO "deliveries" VALUES(1,'e47eb093ca38808395279a2c','3595f59d0db31d1deaca2605','99181137a3d89b01cbf5334a4f07de4373d7705e4844f563cd61e7ab69375324','http://localhost:8080/_troth/inbox/own','delivered',1,1768482000052,1768482000071);
INSERT INTO "deliveries" VALUES(1,'95919b74404569bc888396e0','4fe9cd47ecabe441c876ca69','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000052,1768482000071);
INSERT INTO "deliveries" VALUES(1,'9a684ab5513eeac5c2a440b1','4fe9cd47ecabe441c876ca69','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000052,1768485600071);
INSERT INTO "deliveries" VALUES(1,'054f04b9377f3e4aa228ab2e','ab2b86fcebc2f228fbd89122','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000052,1768482000071);
INSERT INTO "deliveries" VALUES(1,'360202f04cab89f5d95189d2','095e7cb74e130ab186b75156','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000052,1768482000071);
INSERT INTO "deliveries" VALUES(1,'4af0df95eeaee941c2be42d3','095e7cb74e130ab186b75156','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000052,1768485600071);
INSERT INTO "deliveries" VALUES(1,'2d7ea053763cef7fe70ac8da','414c65913bc20e5a791a931d','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000053,1768482000071);
INSERT INTO "deliveries" VALUES(1,'b48e17651d6ac09a23ce8f08','414c65913bc20e5a791a931d','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000053,1768485600071);
INSERT INTO "deliveries" VALUES(1,'5881c8cb7d989b812bd9a501','bdffa5f4084384cbbed2fc63','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000053,1768482000071);
INSERT INTO "deliveries" VALUES(1,'a75e852aba1832a8bafa9e94','781039feec539b843c7196f2','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000054,1768482000071);
INSERT INTO "deliveries" VALUES(1,'16f2bc4e9a29fd7edacb7ac1','781039feec539b843c7196f2','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000054,1768485600071);
INSERT INTO "deliveries" VALUES(1,'31833b16f8681fedd1879aa9','e9a8b5fb54845b26cc8cdabd','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000054,1768482000071);
INSERT INTO "deliveries" VALUES(1,'54267336928dd22e7d39ebc2','615e7068a69594fa474e2485','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000055,1768482000071);
INSERT INTO "deliveries" VALUES(1,'2e9accfb830652c8566ecf40','615e7068a69594fa474e2485','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000055,1768485600071);
INSERT INTO "deliveries" VALUES(1,'bdd7caf682aed550e381bb06','6165c9db9f2fdecd77a02bbf','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000056,1768482000071);
INSERT INTO "deliveries" VALUES(1,'40eefb81d80b6bb5264fd985','6165c9db9f2fdecd77a02bbf','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','delivered',2,1768482000056,1768485600071);
INSERT INTO "deliveries" VALUES(1,'63cd9cc187fb1eed66cfa3aa','4d1119000363532489f336df','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000057,1768482000071);
INSERT INTO "deliveries" VALUES(1,'faed381143152f60fb5804dc','adb4716d0a95de27dac6b826','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000059,1768482000071);
INSERT INTO "deliveries" VALUES(1,'530eb16b04f4edd5c3c6b956','246f001ccfd10a873f4775e1','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000060,1768482000071);
INSERT INTO "deliveries" VALUES(1,'d796744c738504ae0be6cb9b','00b528431aaafaf39b2fe03b','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000062,1768482000071);
INSERT INTO "deliveries" VALUES(1,'02f5a389f58508addc5d999b','45b4f8536dd89b8a571df985','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000062,1768482000071);
INSERT INTO "deliveries" VALUES(1,'d9b30b61bb78a1412238f343','24d58770e033f1723ae19aa8','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000063,1768482000071);
INSERT INTO "deliveries" VALUES(1,'98cd1b0653561f4cce3f0594','ad10ce82e795b3882371a2a6','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000063,1768482000071);
INSERT INTO "deliveries" VALUES(1,'653423e8e3b59bda6b98ae89','56d8c5c8e89c4f2c5d1626af','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000064,1768482000071);
INSERT INTO "deliveries" VALUES(1,'ed0009ef8ea1df249700e215','64328a8af1daf92bc4f050a9','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000064,1768482000071);
INSERT INTO "deliveries" VALUES(1,'c170d8b7efd8beddb9b1d0ab','f031fb6c1e200401360e59fa','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000065,1768482000071);
INSERT INTO "deliveries" VALUES(1,'63b6e7236de50f665cec7626','9ddc21b338301a6cdd26f4ee','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000065,1768482000071);
INSERT INTO "deliveries" VALUES(1,'7fe33af36a1fe3ed9f08e364','05b125b33432fb4fed7736e4','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000066,1768482000071);
INSERT INTO "deliveries" VALUES(1,'338cefc9b79188f451e23a73','00a12662e4507e87e6949368','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000066,1768482000071);
INSERT INTO "deliveries" VALUES(1,'71d278c5401897136e71b9a8','4732a351cf7d9e3ff5a9ab58','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000067,1768482000071);
INSERT INTO "deliveries" VALUES(1,'5ab6fa3524841603badb9cba','9f033e7e06d26e77b77ef060','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000067,1768482000071);
INSERT INTO "deliveries" VALUES(1,'c1fb4fa0ee167fdbd1f863c2','af10144514690d4f92eca06a','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000068,1768482000071);
INSERT INTO "deliveries" VALUES(1,'0797c81b8b1ef41297731d11','f731d682532efe15eca7e3b2','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000068,1768482000071);
INSERT INTO "deliveries" VALUES(1,'c41b49e9696888bc130f8e32','2371ac7b7b38a640633ba9c1','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000069,1768482000071);
INSERT INTO "deliveries" VALUES(1,'e2764d0a20a980adc2f87d60','18052ae1646c3f25d1817562','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000069,1768482000071);
INSERT INTO "deliveries" VALUES(1,'d5e1b541a03cfb8d956fd9c7','b12a3a7fbaa064e0103070af','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000070,1768482000071);
INSERT INTO "deliveries" VALUES(1,'bd57f4127a5b149b0023b587','65c92a8e3f71a8b9e4be6aae','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768482000070,1768482000071);
INSERT INTO "deliveries" VALUES(1,'7afe9095cb616da815466191','fe456f716df571e641484001','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768564800000,1768564800000);
INSERT INTO "deliveries" VALUES(4,'772c6067fb980a10371ca45d','lce_313','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800094,1768654800121);
INSERT INTO "deliveries" VALUES(4,'64128ce64bae246e83963073','lce_314','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800094,1768654800121);
INSERT INTO "deliveries" VALUES(4,'2232d66185d7c68cd606acac','lce_315','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800095,1768654800121);
INSERT INTO "deliveries" VALUES(4,'f85191c545e519a6135857e8','lce_316','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800095,1768654800121);
INSERT INTO "deliveries" VALUES(4,'14b167913b920caa96b677aa','lce_317','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800096,1768654800121);
INSERT INTO "deliveries" VALUES(4,'aa7e036cd243c5b3ccf0d156','lce_318','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800096,1768654800121);
INSERT INTO "deliveries" VALUES(4,'0a06b7c03a5b5208285eb209','lce_319','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800097,1768654800121);
INSERT INTO "deliveries" VALUES(4,'3c4e20d143d069709aa32b7d','lce_320','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800097,1768654800121);
INSERT INTO "deliveries" VALUES(4,'d94b01785bc93c7180990064','lce_323','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800098,1768654800121);
INSERT INTO "deliveries" VALUES(4,'beba81a1880cbeba29053c68','lce_324','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800099,1768654800121);
INSERT INTO "deliveries" VALUES(4,'c4125baf42bc81285feda563','lce_325','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800106,1768654800121);
INSERT INTO "deliveries" VALUES(4,'3071a8969a28695a958335d4','lce_326','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800107,1768654800121);
INSERT INTO "deliveries" VALUES(4,'dc2b5fba70fdab9800795a84','lce_327','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800107,1768654800121);
INSERT INTO "deliveries" VALUES(4,'4a755991f2411c0878be02a3','lce_328','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800107,1768654800121);
INSERT INTO "deliveries" VALUES(4,'cef30c4dcd838f354c71f769','lce_329','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800107,1768654800121);
INSERT INTO "deliveries" VALUES(4,'e302eec33a3a94904ab7c5fa','lce_330','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800108,1768654800121);
INSERT INTO "deliveries" VALUES(4,'b5b37b7a958c3c8c02b1de0a','lce_331','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800110,1768654800121);
INSERT INTO "deliveries" VALUES(4,'613241accc5a737a0bcafb9f','lce_332','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800110,1768654800121);
INSERT INTO "deliveries" VALUES(4,'76f5de14d83a2154e8d3c06d','lce_333','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800112,1768654800121);
INSERT INTO "deliveries" VALUES(4,'93604f5652d3533d976897b2','lce_334','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800112,1768654800121);
INSERT INTO "deliveries" VALUES(4,'4da213766a74e434047366ec','lce_335','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800112,1768654800121);
INSERT INTO "deliveries" VALUES(4,'33241dbfef8f295495fd5947','lce_336','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800112,1768654800121);
INSERT INTO "deliveries" VALUES(4,'0f08faa8bd8de8ba8afe3150','lce_337','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800113,1768654800121);
INSERT INTO "deliveries" VALUES(4,'01a1ce507e283fc58c0a1e84','lce_338','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800113,1768654800121);
INSERT INTO "deliveries" VALUES(4,'164bd70cedaa4bc957be4f2d','lce_339','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800114,1768654800121);
INSERT INTO "deliveries" VALUES(4,'305eaf70f5d71c5dc4887af8','lce_340','1','http://localhost:8080/_troth/inbox/loyalty-core','delivered',1,1768654800114,1768654800121);
INSERT INTO "deliveries" VALUES(1,'4b82a58224432618672e44bc','c947884c99668b686986ac60','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','delivered',1,1768737600000,1768737600000);
INSERT INTO "deliveries" VALUES(2,'4bb7f8a1cf299f6f39f4a963','evt_j0ob650romsrrjspypy2','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','pending',0,1768914000147,NULL);
INSERT INTO "deliveries" VALUES(2,'2f56b9481533adbe595592c5','evt_hk2q6i4irxcly3jbh2m5','whe_6zsd55nw4lbcelh2jv0c','http://localhost:8080/_troth/inbox/advocacy','pending',0,1768914000147,NULL);
INSERT INTO "deliveries" VALUES(1,'37c4a65605c109f6af056ccf','6bda95c38a52342ed8266c71','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000148,NULL);
INSERT INTO "deliveries" VALUES(1,'88b9c086be73bf05ea35e106','f974fe067fb86e166ec38368','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000148,NULL);
INSERT INTO "deliveries" VALUES(1,'ff04a8a9deb688fad2fcd8d5','ebd3b4bef6b31edf83883649','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000148,NULL);
INSERT INTO "deliveries" VALUES(1,'c6348dc24e0741267aeaaa9a','ebd3b4bef6b31edf83883649','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','pending',0,1768914000148,NULL);
INSERT INTO "deliveries" VALUES(1,'15d0a654889c4b365f7cc770','da5b979527e5f3e6739ef464','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000148,NULL);
INSERT INTO "deliveries" VALUES(1,'76842dd13f32bed9319230a1','c651af3b784ca4ee396f92c6','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'f98bfbeb1d9ee102244c20c5','c651af3b784ca4ee396f92c6','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'7e60f1a084f6ddc0d9347d65','c651af3b784ca4ee396f92c6','99181137a3d89b01cbf5334a4f07de4373d7705e4844f563cd61e7ab69375324','http://localhost:8080/_troth/inbox/own','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'1d40e5ffd32f65977f2cb2cc','ebbaf6c2769ed5a93eb2e6df','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'e11ac1358fe59f51cff5b4e0','ebbaf6c2769ed5a93eb2e6df','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'04f1ac0d3cce1873e034ea82','dc0c96a3bfdcc92e6fb834ca','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'358b974a3fcd1b0de9c00ab2','ac1b746bf7ffa645f8364c17','aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','pending',0,1768914000149,NULL);
INSERT INTO "deliveries" VALUES(1,'6fd7278899bfa77d7c8f617c','ac1b746bf7ffa645f8364c17','7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','pending',0,1768914000149,NULL);
CREATE TABLE delivery_attempts (
	tenant_id INTEGER NOT NULL, 
	delivery_id VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	status INTEGER, 
	answer VARCHAR(2048), 
	error VARCHAR(255), 
	duration_ms INTEGER NOT NULL, 
	CONSTRAINT pk_delivery_attempts PRIMARY KEY (tenant_id, delivery_id, number)
);
INSERT INTO "delivery_attempts" VALUES(1,'7b6ae311c9b2750a28bfb620',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'4ec0785325a2df5ac8a4a542',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'655cf5bf853544657775cf78',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'ff5e0e1fa7f7d6f6b110c2be',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'335d5d656b3ba22dbd11570d',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2ddc64c2ce4a91ed5ad761a3',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'6d840ed44a6dfdf82ff38413',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'2d98dd586383bcaf58bba399',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'02171fb9fa5f5ad3ee20d26f',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'4984ad851f8b88f3fdd8b433',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'746e1037938e36bb7b459ca1',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'7ebaefaea38fc5c20df46cfc',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'7ca7b3b9454aaffa14bf9d9c',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'43f21bdf6009d0618bc2f751',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'f14f8aa901d2d74d84984618',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'be09545daa1845a1bcf31308',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'bfec7e896da423aba9477935',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'9abef1f37638bafa6c8e4083',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'3614839f4f1e8c42422f232c',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'71b6a470d5764d7900794867',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'91ec6d15be9915b8445ab17f',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'7cfa278a667a5dc6467d2c7d',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'d6b449b83dfc561098e0dd24',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'537a7cf300a5be7788d3158b',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'cb7c72e97bde29790695e058',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(2,'aedc54a3498cce227bce3bd5',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(3,'195ca5174d60134dc1dbfbba',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(3,'2c786da0aac0ba4781adb4b6',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(3,'f18d2e88ecaf2d9ac71ed2b4',1,1768478400037,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(3,'bace3f252cb1657b77dd6f8c',1,1768478400037,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(3,'f18d2e88ecaf2d9ac71ed2b4',2,1768478700037,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'8cce38f9d3a89554cb6f5f08',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'51bbd71e24f2b82a01ee20a5',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'6891b738c0bcd80dc20b8179',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'e15d56112990fdebb643ab2f',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'f222c9948b96832b93f7f6c2',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'eb821e20f069f39ab3372cfb',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'33965fa8e9a27e5b12c7ce07',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'1bb3ddf72d4f0476ec5d47bd',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'530370a1d4e7482e863593ed',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'6bc3ff341d5f3b9ac6621238',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'3ed7669c5a9e67c20ed28616',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2a2afcbb3db16492bdedef89',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'32bedf83639ee9b3e4b19df9',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'7e156ed2ff3b36775eafb2f6',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'86d1ab7ed4cf45a295846467',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2ab9a5759c3aa18da025793c',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'ef5768ffb02426ab9e9251b7',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'826ec78407c9cc3e0d54257e',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'6b50bf3c6f01852aca0b484b',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'c8ba342e251a65ef23d6a674',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'5978556af56a28dc4bc4b211',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'0dd9cca6b8aa455e6bf67a94',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'9a684ab5513eeac5c2a440b1',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'4af0df95eeaee941c2be42d3',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'e47eb093ca38808395279a2c',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'95919b74404569bc888396e0',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'054f04b9377f3e4aa228ab2e',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'360202f04cab89f5d95189d2',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2d7ea053763cef7fe70ac8da',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'b48e17651d6ac09a23ce8f08',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'5881c8cb7d989b812bd9a501',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'a75e852aba1832a8bafa9e94',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'16f2bc4e9a29fd7edacb7ac1',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'31833b16f8681fedd1879aa9',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'54267336928dd22e7d39ebc2',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2e9accfb830652c8566ecf40',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'bdd7caf682aed550e381bb06',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'40eefb81d80b6bb5264fd985',1,1768482000071,503,'not now',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'63cd9cc187fb1eed66cfa3aa',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'faed381143152f60fb5804dc',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'530eb16b04f4edd5c3c6b956',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'d796744c738504ae0be6cb9b',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'02f5a389f58508addc5d999b',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'d9b30b61bb78a1412238f343',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'98cd1b0653561f4cce3f0594',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'653423e8e3b59bda6b98ae89',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'ed0009ef8ea1df249700e215',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'c170d8b7efd8beddb9b1d0ab',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'63b6e7236de50f665cec7626',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'7fe33af36a1fe3ed9f08e364',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'338cefc9b79188f451e23a73',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'71d278c5401897136e71b9a8',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'5ab6fa3524841603badb9cba',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'c1fb4fa0ee167fdbd1f863c2',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'0797c81b8b1ef41297731d11',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'c41b49e9696888bc130f8e32',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'e2764d0a20a980adc2f87d60',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'d5e1b541a03cfb8d956fd9c7',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'bd57f4127a5b149b0023b587',1,1768482000071,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'51bbd71e24f2b82a01ee20a5',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'e15d56112990fdebb643ab2f',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'530370a1d4e7482e863593ed',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2a2afcbb3db16492bdedef89',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'ef5768ffb02426ab9e9251b7',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'0dd9cca6b8aa455e6bf67a94',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'9a684ab5513eeac5c2a440b1',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'4af0df95eeaee941c2be42d3',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'b48e17651d6ac09a23ce8f08',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'16f2bc4e9a29fd7edacb7ac1',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'2e9accfb830652c8566ecf40',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'40eefb81d80b6bb5264fd985',2,1768485600071,200,'ok',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'7afe9095cb616da815466191',1,1768564800000,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'772c6067fb980a10371ca45d',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'64128ce64bae246e83963073',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'2232d66185d7c68cd606acac',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'f85191c545e519a6135857e8',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'14b167913b920caa96b677aa',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'aa7e036cd243c5b3ccf0d156',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'0a06b7c03a5b5208285eb209',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'3c4e20d143d069709aa32b7d',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'d94b01785bc93c7180990064',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'beba81a1880cbeba29053c68',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'c4125baf42bc81285feda563',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'3071a8969a28695a958335d4',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'dc2b5fba70fdab9800795a84',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'4a755991f2411c0878be02a3',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'cef30c4dcd838f354c71f769',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'e302eec33a3a94904ab7c5fa',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'b5b37b7a958c3c8c02b1de0a',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'613241accc5a737a0bcafb9f',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'76f5de14d83a2154e8d3c06d',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'93604f5652d3533d976897b2',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'4da213766a74e434047366ec',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'33241dbfef8f295495fd5947',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'0f08faa8bd8de8ba8afe3150',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'01a1ce507e283fc58c0a1e84',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'164bd70cedaa4bc957be4f2d',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(4,'305eaf70f5d71c5dc4887af8',1,1768654800121,200,'{}',NULL,0);
INSERT INTO "delivery_attempts" VALUES(1,'4b82a58224432618672e44bc',1,1768737600000,200,'{}',NULL,0);
CREATE TABLE events (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	type VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (tenant_id, id)
);
INSERT INTO "events" VALUES(1,'30e49cda634d4a0cd505ffe3',4,'export.created','{"id":"30e49cda634d4a0cd505ffe3","type":"export.created","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"5f00000000000000000000c1","name":"All users","requester":"API","status":"PENDING","dateCreated":1768478400000,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(1,'7538996d2f58a0f31eba45dc',7,'export.created','{"id":"7538996d2f58a0f31eba45dc","type":"export.created","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"c2aeda0c89709b879a26418d","name":"All referrals","requester":"API","status":"PENDING","dateCreated":1768478400000,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"REFERRAL","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(1,'85f3d4ebb59d41f7a39f701f',10,'export.created','{"id":"85f3d4ebb59d41f7a39f701f","type":"export.created","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"555a2d7c306201ec3d3df8d7","name":"Rewards with their owners","requester":"API","status":"PENDING","dateCreated":1768478400000,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD","operation":"QUERY","params":{"fields":{"includeUserFields":true}},"stats":null,"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(2,'evt_mtqd14rwrzkhtjdi4rqn',28,'review.received','{"id":"evt_mtqd14rwrzkhtjdi4rqn","type":"review.received","created":"2026-01-15T12:00:00.000Z","business_id":"biz_demo","data":{"review_id":"rev_pv13r9ehv5jw185z5u5f","advocate_id":"adv_demo0000000000000001","rating":5,"content":"Quick and kind.","platform":"g2"}}',1768478400000);
INSERT INTO "events" VALUES(2,'evt_dmrv6r9dyvd34kjtljwf',30,'survey.responded','{"id":"evt_dmrv6r9dyvd34kjtljwf","type":"survey.responded","created":"2026-01-15T12:00:00.000Z","business_id":"biz_demo","data":{"response_id":"rsp_wcj2alsx6ammgcyohjpq","survey_id":"srv_welcome","advocate_id":"adv_demo0000000000000001","score":9}}',1768478400000);
INSERT INTO "events" VALUES(1,'15ba0e877424f903e1a74e48',65537,'export.completed','{"id":"15ba0e877424f903e1a74e48","type":"export.completed","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"5f00000000000000000000c1","name":"All users","requester":"API","status":"COMPLETED","dateCreated":1768478400000,"dateCompleted":1768478400000,"dateExpires":1770897600000,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":null,"stats":{"recordsProcessed":8,"errors":0},"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(1,'2928b5c2ad46403e6d0c703c',131073,'export.completed','{"id":"2928b5c2ad46403e6d0c703c","type":"export.completed","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"c2aeda0c89709b879a26418d","name":"All referrals","requester":"API","status":"COMPLETED","dateCreated":1768478400000,"dateCompleted":1768478400000,"dateExpires":1770897600000,"mailtoEmail":null,"outputFormat":"CSV","task":"REFERRAL","operation":"QUERY","params":null,"stats":{"recordsProcessed":4,"errors":0},"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(1,'98abcb279a3fa71c016ccfb8',196609,'export.completed','{"id":"98abcb279a3fa71c016ccfb8","type":"export.completed","tenantAlias":"demo","live":true,"created":1768478400000,"data":{"id":"555a2d7c306201ec3d3df8d7","name":"Rewards with their owners","requester":"API","status":"COMPLETED","dateCreated":1768478400000,"dateCompleted":1768478400000,"dateExpires":1770897600000,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD","operation":"QUERY","params":{"fields":{"includeUserFields":true}},"stats":{"recordsProcessed":12,"errors":0},"fileRef":null}}',1768478400000);
INSERT INTO "events" VALUES(2,'evt_xm6e04859rt4z7t2scuy',786433,'advocate.joined','{"id":"evt_xm6e04859rt4z7t2scuy","type":"advocate.joined","created":"2026-01-15T12:00:00.002Z","business_id":"biz_demo","data":{"advocate_id":"adv_7y4avw6cmp20jd4iueop","email":"ben@example.org","name":"Ben Okafor","tier":"bronze","source":"api"}}',1768478400002);
INSERT INTO "events" VALUES(2,'evt_uysdhob9cx0c7dgc7wuv',1048577,'advocate.updated','{"id":"evt_uysdhob9cx0c7dgc7wuv","type":"advocate.updated","created":"2026-01-15T12:00:00.003Z","business_id":"biz_demo","data":{"advocate_id":"adv_demo0000000000000001","changed":["metadata"]}}',1768478400003);
INSERT INTO "events" VALUES(2,'evt_xpthr2ppv2cimutqko10',1179650,'points.changed','{"id":"evt_xpthr2ppv2cimutqko10","type":"points.changed","created":"2026-01-15T12:00:00.004Z","business_id":"biz_demo","data":{"transaction_id":"txn_mnppcdbrnylewb6vw364","advocate_id":"adv_demo0000000000000001","type":"award","amount":250,"balance_after":2950}}',1768478400004);
INSERT INTO "events" VALUES(2,'evt_3acbrfmehj7qw74s2nhi',1245186,'points.changed','{"id":"evt_3acbrfmehj7qw74s2nhi","type":"points.changed","created":"2026-01-15T12:00:00.005Z","business_id":"biz_demo","data":{"transaction_id":"txn_o18gun5cy2zf311zmxie","advocate_id":"adv_demo0000000000000001","type":"deduct","amount":-50,"balance_after":2900}}',1768478400005);
INSERT INTO "events" VALUES(2,'evt_16sixqi9k2rkfd54xlio',1703938,'points.changed','{"id":"evt_16sixqi9k2rkfd54xlio","type":"points.changed","created":"2026-01-15T12:00:00.007Z","business_id":"biz_demo","data":{"transaction_id":"txn_491o8cccvs5q3omvmv04","advocate_id":"adv_demo0000000000000001","type":"redemption","amount":-500,"balance_after":2400}}',1768478400007);
INSERT INTO "events" VALUES(2,'evt_rsp2n255zk5xhcasslbx',1703940,'reward.redeemed','{"id":"evt_rsp2n255zk5xhcasslbx","type":"reward.redeemed","created":"2026-01-15T12:00:00.007Z","business_id":"biz_demo","data":{"redemption_id":"red_2qqzpq2lf4o5cz0gmadx","reward_id":"rwd_demo0000000000000001","reward_name":"Coffee gift card","advocate_id":"adv_demo0000000000000001","points_spent":500,"status":"fulfilled"}}',1768478400007);
INSERT INTO "events" VALUES(2,'evt_49smlg5y6z8kd6wkwl7w',1835010,'points.changed','{"id":"evt_49smlg5y6z8kd6wkwl7w","type":"points.changed","created":"2026-01-15T12:00:00.009Z","business_id":"biz_demo","data":{"transaction_id":"txn_sqtcme1djvjugt9mp1ds","advocate_id":"adv_demo0000000000000001","type":"redemption","amount":-5,"balance_after":2395}}',1768478400009);
INSERT INTO "events" VALUES(2,'evt_o7u7raa5a4zkmcupc7h0',1835012,'reward.redeemed','{"id":"evt_o7u7raa5a4zkmcupc7h0","type":"reward.redeemed","created":"2026-01-15T12:00:00.009Z","business_id":"biz_demo","data":{"redemption_id":"red_3ni8yw4qr3b2734oibxo","reward_id":"rwd_b06662bpf3decc582plt","reward_name":"Mug","advocate_id":"adv_demo0000000000000001","points_spent":5,"status":"pending"}}',1768478400009);
INSERT INTO "events" VALUES(2,'evt_wjopoc95iua1ut9ieo4t',2359298,'points.changed','{"id":"evt_wjopoc95iua1ut9ieo4t","type":"points.changed","created":"2026-01-15T12:00:00.013Z","business_id":"biz_demo","data":{"transaction_id":"txn_hy4dm6bmac62hjoqj4sm","advocate_id":"adv_demo0000000000000001","type":"quest_completion","amount":200,"balance_after":2595}}',1768478400013);
INSERT INTO "events" VALUES(2,'evt_fyhwgq2e0bxp3trnbom8',2359300,'quest.task_completed','{"id":"evt_fyhwgq2e0bxp3trnbom8","type":"quest.task_completed","created":"2026-01-15T12:00:00.013Z","business_id":"biz_demo","data":{"completion_id":"cmp_719virjkk2jasdgd4hz5","quest_id":"qst_demo0000000000000001","task_id":"tsk_demo0000000000000001","advocate_id":"adv_demo0000000000000001","points_awarded":200}}',1768478400013);
INSERT INTO "events" VALUES(2,'evt_9cfu0efu0p6c1tuyeuqf',2490370,'points.changed','{"id":"evt_9cfu0efu0p6c1tuyeuqf","type":"points.changed","created":"2026-01-15T12:00:00.014Z","business_id":"biz_demo","data":{"transaction_id":"txn_8wocrmy6dzjchl52ejmu","advocate_id":"adv_demo0000000000000001","type":"quest_completion","amount":200,"balance_after":2795}}',1768478400014);
INSERT INTO "events" VALUES(2,'evt_jeveazsrqupx3elzh2bm',2490372,'quest.task_completed','{"id":"evt_jeveazsrqupx3elzh2bm","type":"quest.task_completed","created":"2026-01-15T12:00:00.014Z","business_id":"biz_demo","data":{"completion_id":"cmp_41cu1hv42dvqgbkpiy3n","quest_id":"qst_j61fk464nqbson898phs","task_id":"tsk_kcqu8fklaisnn2za5agr","advocate_id":"adv_demo0000000000000001","points_awarded":200}}',1768478400014);
INSERT INTO "events" VALUES(2,'evt_nt36sfg4ecg8oofb4kx0',2555906,'points.changed','{"id":"evt_nt36sfg4ecg8oofb4kx0","type":"points.changed","created":"2026-01-15T12:00:00.015Z","business_id":"biz_demo","data":{"transaction_id":"txn_euj9ws43pvzyqow36coq","advocate_id":"adv_demo0000000000000001","type":"quest_completion","amount":150,"balance_after":2945}}',1768478400015);
INSERT INTO "events" VALUES(2,'evt_e3j2xumrk0lhzq8dsqza',2555908,'quest.task_completed','{"id":"evt_e3j2xumrk0lhzq8dsqza","type":"quest.task_completed","created":"2026-01-15T12:00:00.015Z","business_id":"biz_demo","data":{"completion_id":"cmp_yjiye8tswycld6bteds1","quest_id":"qst_j61fk464nqbson898phs","task_id":"tsk_d056lchlmofx1ih2x3rv","advocate_id":"adv_demo0000000000000001","points_awarded":150}}',1768478400015);
INSERT INTO "events" VALUES(2,'evt_rvkemoa8ylt0zl0hzzdr',2555910,'quest.completed','{"id":"evt_rvkemoa8ylt0zl0hzzdr","type":"quest.completed","created":"2026-01-15T12:00:00.015Z","business_id":"biz_demo","data":{"quest_id":"qst_j61fk464nqbson898phs","title":"Welcome aboard","advocate_id":"adv_demo0000000000000001","points_awarded":100}}',1768478400015);
INSERT INTO "events" VALUES(2,'evt_6z35w3z75q1q3w0igjne',3080194,'points.changed','{"id":"evt_6z35w3z75q1q3w0igjne","type":"points.changed","created":"2026-01-15T12:00:00.019Z","business_id":"biz_demo","data":{"transaction_id":"txn_96f6i7w7600ja5b14u3i","advocate_id":"adv_demo0000000000000001","type":"referral_conversion","amount":100,"balance_after":3045}}',1768478400019);
INSERT INTO "events" VALUES(2,'evt_mw3bdkqpmnkf8ms4h869',3080196,'referral.converted','{"id":"evt_mw3bdkqpmnkf8ms4h869","type":"referral.converted","created":"2026-01-15T12:00:00.019Z","business_id":"biz_demo","data":{"conversion_id":"cnv_0t0gewuztjuo6o4h07ed","code":"ANAST2NE","advocate_id":"adv_demo0000000000000001","order_id":"o-1","order_value":49.9,"points_awarded":100}}',1768478400019);
INSERT INTO "events" VALUES(2,'evt_shvnrjpba65iple9ktnf',3473409,'testimonial.approved','{"id":"evt_shvnrjpba65iple9ktnf","type":"testimonial.approved","created":"2026-01-15T12:00:00.021Z","business_id":"biz_demo","data":{"testimonial_id":"tst_demo0000000000000001","advocate_id":"adv_demo0000000000000001","rating":5}}',1768478400021);
INSERT INTO "events" VALUES(3,'5d47aeb5-2558-4782-b84d-c59562a9a0e1',1179650,'contact_created','{"type":"contact_created","data":{"contact":{"id":1179649,"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net","attributes":[],"tier":null,"subscriptions":[],"credit_balance":{"balance":0,"id":1179649},"prepaid_balance":{"balance_in_cents":0},"current_values":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net","firstname":null,"lastname":null,"status":"ACTIVE","channel":"OAUTH_API","referral_code":"FD8XJTLL","is_anonymous":false,"loyalty_balance":0,"loyalty_number_of_transactions":0,"created_at":"2026-01-15T12:00:00+00:00","updated_at":"2026-01-15T12:00:00+00:00"},"current_display_values":{}}}}',1768478400029);
INSERT INTO "events" VALUES(3,'1f485a74-77b7-4897-a771-b7ce0c0fa956',1376258,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"e075bc04-2c9c-4fc5-8387-8b51095dfa69","credits":3,"unit_value":3.0,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400030);
INSERT INTO "events" VALUES(3,'61d2bcda-d72d-4ed8-b72f-61663f7e3215',1441794,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"03f37d20-a62b-43cf-a79a-886a69bbf911","credits":3,"unit_value":3.25,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400031);
INSERT INTO "events" VALUES(3,'1ddc03c8-ea64-4518-9196-3f8ab055a149',1507330,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"f8575763-6510-4190-a12f-3c59972dff1f","credits":3,"unit_value":3.5,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400032);
INSERT INTO "events" VALUES(3,'c1f3e075-44de-4c89-88eb-f7d2b34df006',1572866,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"a74ca4cc-aba3-48a3-ae8c-eff0586ac77b","credits":3,"unit_value":3.75,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400033);
INSERT INTO "events" VALUES(3,'e5851daf-fa4e-428c-b04f-9e6ef97c7c99',1638402,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"bc87c7de-bc93-4ad8-aa4a-eb60a24545bc","credits":4,"unit_value":4.0,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400034);
INSERT INTO "events" VALUES(3,'aa61f235-d2e6-4c76-8895-8277de429cc0',1638404,'referral_completed','{"type":"referral_completed","data":{"referral":{"uuid":"ebca6dbc-511e-4049-bd63-c3657c82ab55","referring_contact":{"uuid":"6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01","email":"ana@example.org"},"referred_contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"status":"completed"}}}',1768478400034);
INSERT INTO "events" VALUES(3,'9d921b41-008e-4eed-aa7e-38bf377e4eeb',1703938,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"2d7546a7-9128-4883-91ca-dc5876748f10","credits":4,"unit_value":4.25,"unit_name":"purchase_amount","contact":{"uuid":"9ce12fb6-ab57-4f53-af5d-f0a8bec629e0","email":"kim@example.net"},"shop":{"uuid":"13ac4cc1-3522-4dfc-ae4a-a821e5090108","name":"Main street"},"pos_transaction_id":null,"created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400035);
INSERT INTO "events" VALUES(3,'1543339e-6dbb-46f2-b178-1383fe50221d',1769474,'credit_reception_created','{"type":"credit_reception_created","data":{"credit_reception":{"type":"credit_reception","uuid":"057b9e4f-785e-4026-a3c0-7f5cb7c52d8a","credits":24,"unit_value":24.5,"unit_name":"purchase_amount","contact":{"uuid":"6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02","email":"ben@example.org"},"shop":{"uuid":"7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11","name":"Harbour Street"},"pos_transaction_id":"till-4-000731","created_at":"2026-01-15T12:00:00+00:00"}}}',1768478400036);
INSERT INTO "events" VALUES(1,'2ab206e7b266f7d3369a471f',524289,'test','{"id":"2ab206e7b266f7d3369a471f","type":"test","tenantAlias":"demo","live":true,"created":1768482000040,"data":{"endpointUrl":"http://localhost:8080/_troth/inbox/own","name":"Own inbox"}}',1768482000040);
INSERT INTO "events" VALUES(1,'ba08fa0f4b0ac30287617fe6',589825,'test','{"id":"ba08fa0f4b0ac30287617fe6","type":"test","tenantAlias":"demo","live":true,"created":1768482000041,"data":{"endpointUrl":"https://hooks.example.org/saasquatch","name":"Order desk"}}',1768482000041);
INSERT INTO "events" VALUES(1,'03459b3b074c9c4b9b88a09c',1376257,'coupon.created','{"id":"03459b3b074c9c4b9b88a09c","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000043,"data":{"code":"LENAMOOR","dateCreated":1768482000043,"programId":"referral-program"}}',1768482000043);
INSERT INTO "events" VALUES(1,'bba3c276b3649a7e7f4b00db',1376259,'coupon.created','{"id":"bba3c276b3649a7e7f4b00db","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000043,"data":{"code":"LENAMOOR2","dateCreated":1768482000043,"programId":"partner-program"}}',1768482000043);
INSERT INTO "events" VALUES(1,'ca2a59dd544fe45eb0f60db2',1376261,'user.created','{"id":"ca2a59dd544fe45eb0f60db2","type":"user.created","tenantAlias":"demo","live":true,"created":1768482000043,"data":{"id":"lena@example.org","accountId":"shop-1","firstName":"Lena","lastName":"Moor","email":"lena@example.org","imageUrl":"","cookieId":null,"locale":"en_US","countryCode":null,"referable":true,"referralCodes":{"referral-program":"LENAMOOR","partner-program":"LENAMOOR2"},"referredByCodes":[],"firstSeenIP":null,"lastSeenIP":null,"dateCreated":1768482000043,"customFields":{"plan":"gold"},"segments":["vip"],"programShareLinks":{"referral-program":{"cleanShareLink":"http://localhost:8080/l/mz38f6hBEh","MOBILE":{"DIRECT":"http://localhost:8080/l/me38f6hBEh"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mP38f6hBEh"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mv38f6hBEh"}},"partner-program":{"cleanShareLink":"http://localhost:8080/l/mzS78BuMvm","MOBILE":{"DIRECT":"http://localhost:8080/l/meS78BuMvm"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPS78BuMvm"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvS78BuMvm"}}},"dateBlocked":null}}',1768482000043);
INSERT INTO "events" VALUES(1,'f5570e0c5fca94323e2e2c8b',1572865,'coupon.created','{"id":"f5570e0c5fca94323e2e2c8b","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000046,"data":{"code":"TOM","dateCreated":1768482000046,"programId":"referral-program"}}',1768482000046);
INSERT INTO "events" VALUES(1,'aa9a95eb3adee7a4ee124417',1572867,'coupon.created','{"id":"aa9a95eb3adee7a4ee124417","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000046,"data":{"code":"TOM2","dateCreated":1768482000046,"programId":"partner-program"}}',1768482000046);
INSERT INTO "events" VALUES(1,'bac397358d9738cdcd193edb',1572869,'user.created','{"id":"bac397358d9738cdcd193edb","type":"user.created","tenantAlias":"demo","live":true,"created":1768482000046,"data":{"id":"tom","accountId":"shop-1","firstName":"Tom","lastName":null,"email":null,"imageUrl":"","cookieId":null,"locale":null,"countryCode":null,"referable":true,"referralCodes":{"referral-program":"TOM","partner-program":"TOM2"},"referredByCodes":[],"firstSeenIP":null,"lastSeenIP":null,"dateCreated":1768482000046,"customFields":{},"segments":[],"programShareLinks":{"referral-program":{"cleanShareLink":"http://localhost:8080/l/mzLBz8RlfA","MOBILE":{"DIRECT":"http://localhost:8080/l/meLBz8RlfA"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPLBz8RlfA"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvLBz8RlfA"}},"partner-program":{"cleanShareLink":"http://localhost:8080/l/mzFb50gFDV","MOBILE":{"DIRECT":"http://localhost:8080/l/meFb50gFDV"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPFb50gFDV"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvFb50gFDV"}}},"dateBlocked":null}}',1768482000046);
INSERT INTO "events" VALUES(1,'15d6b29599cbd0a288e5b56e',2490369,'coupon.created','{"id":"15d6b29599cbd0a288e5b56e","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000049,"data":{"code":"CODE24201993","dateCreated":1768482000049,"programId":"referral-program"}}',1768482000049);
INSERT INTO "events" VALUES(1,'a4024119d314f4a9b399805d',2490371,'coupon.created','{"id":"a4024119d314f4a9b399805d","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000049,"data":{"code":"CODE73615653","dateCreated":1768482000049,"programId":"partner-program"}}',1768482000049);
INSERT INTO "events" VALUES(1,'37a66243f08d8188fd336e56',2490373,'user.created','{"id":"37a66243f08d8188fd336e56","type":"user.created","tenantAlias":"demo","live":true,"created":1768482000049,"data":{"id":"mo","accountId":"flat-3","firstName":null,"lastName":null,"email":null,"imageUrl":"","cookieId":null,"locale":null,"countryCode":null,"referable":true,"referralCodes":{"referral-program":"CODE24201993","partner-program":"CODE73615653"},"referredByCodes":[],"firstSeenIP":null,"lastSeenIP":null,"dateCreated":1768482000049,"customFields":{},"segments":[],"programShareLinks":{"referral-program":{"cleanShareLink":"http://localhost:8080/l/mziADMD0fi","MOBILE":{"DIRECT":"http://localhost:8080/l/meiADMD0fi"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPiADMD0fi"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mviADMD0fi"}},"partner-program":{"cleanShareLink":"http://localhost:8080/l/mzxNg8U7tS","MOBILE":{"DIRECT":"http://localhost:8080/l/mexNg8U7tS"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPxNg8U7tS"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvxNg8U7tS"}}},"dateBlocked":null}}',1768482000049);
INSERT INTO "events" VALUES(1,'1209ccd7cd014297e70d4f72',2555905,'referral.started','{"id":"1209ccd7cd014297e70d4f72","type":"referral.started","tenantAlias":"demo","live":true,"created":1768482000050,"data":{"id":"a012d79c88b81de83c35373e","referrer":{"id":"ana@example.org","accountId":"acme"},"referred":{"id":"mo","accountId":"flat-3"},"referralCodeUsed":"ANASTONE","shareLinkUsed":"http://localhost:8080/l/mzeHz2mt1N","dateReferralStarted":1768482000050,"dateConverted":null,"dateModified":1768482000050,"dateUserModified":1768482000050,"programId":"referral-program"}}',1768482000050);
INSERT INTO "events" VALUES(1,'4e4ff5873c196679181b566d',2686977,'coupon.created','{"id":"4e4ff5873c196679181b566d","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000051,"data":{"code":"KIMHALE","dateCreated":1768482000051,"programId":"referral-program"}}',1768482000051);
INSERT INTO "events" VALUES(1,'4aef20822786904b51dee35e',2686979,'coupon.created','{"id":"4aef20822786904b51dee35e","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768482000051,"data":{"code":"KIMHALE2","dateCreated":1768482000051,"programId":"partner-program"}}',1768482000051);
INSERT INTO "events" VALUES(1,'6c5e71afed92280d27d739a4',2686981,'user.created','{"id":"6c5e71afed92280d27d739a4","type":"user.created","tenantAlias":"demo","live":true,"created":1768482000051,"data":{"id":"kim","accountId":"home-2","firstName":"Kim","lastName":"Hale","email":"kim@example.net","imageUrl":"","cookieId":null,"locale":null,"countryCode":null,"referable":true,"referralCodes":{"referral-program":"KIMHALE","partner-program":"KIMHALE2"},"referredByCodes":[],"firstSeenIP":null,"lastSeenIP":null,"dateCreated":1768482000051,"customFields":{},"segments":[],"programShareLinks":{"referral-program":{"cleanShareLink":"http://localhost:8080/l/mzauLM0vh9","MOBILE":{"DIRECT":"http://localhost:8080/l/meauLM0vh9"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPauLM0vh9"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvauLM0vh9"}},"partner-program":{"cleanShareLink":"http://localhost:8080/l/mzLu6meOC4","MOBILE":{"DIRECT":"http://localhost:8080/l/meLu6meOC4"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPLu6meOC4"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvLu6meOC4"}}},"dateBlocked":null}}',1768482000051);
INSERT INTO "events" VALUES(1,'6e4d58c7b95a388de43f3222',2686984,'referral.started','{"id":"6e4d58c7b95a388de43f3222","type":"referral.started","tenantAlias":"demo","live":true,"created":1768482000051,"data":{"id":"96f4c44e2390d119734e55fe","referrer":{"id":"lena@example.org","accountId":"shop-1"},"referred":{"id":"kim","accountId":"home-2"},"referralCodeUsed":"LENAMOOR","shareLinkUsed":"http://localhost:8080/l/mz38f6hBEh","dateReferralStarted":1768482000051,"dateConverted":null,"dateModified":1768482000051,"dateUserModified":1768482000051,"programId":"referral-program"}}',1768482000051);
INSERT INTO "events" VALUES(1,'3595f59d0db31d1deaca2605',2752513,'referral.converted','{"id":"3595f59d0db31d1deaca2605","type":"referral.converted","tenantAlias":"demo","live":true,"created":1768482000052,"data":{"id":"96f4c44e2390d119734e55fe","referrer":{"id":"lena@example.org","accountId":"shop-1"},"referred":{"id":"kim","accountId":"home-2"},"referralCodeUsed":"LENAMOOR","shareLinkUsed":"http://localhost:8080/l/mz38f6hBEh","dateReferralStarted":1768482000051,"dateConverted":1768482000052,"dateModified":1768482000052,"dateUserModified":1768482000051,"programId":"referral-program"}}',1768482000052);
INSERT INTO "events" VALUES(1,'4fe9cd47ecabe441c876ca69',2752518,'reward.created','{"id":"4fe9cd47ecabe441c876ca69","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000052,"data":{"id":"0edb0978586d73effcca03e9","type":"CREDIT","dateCreated":1768482000052,"dateGiven":1768482000052,"dateExpires":1800018000052,"dateCancelled":null,"dateScheduledFor":null,"accountId":"shop-1","userId":"lena@example.org","cancellable":true,"rewardSource":"FRIEND_SIGNUP","programId":"referral-program","programRewardKey":"referrerReward","globalRewardKey":null,"referralId":"96f4c44e2390d119734e55fe","unit":"CENTS","name":"Thank you","currency":null,"assignedCredit":1500,"redeemedCredit":0,"redemptions":[]}}',1768482000052);
INSERT INTO "events" VALUES(1,'ab2b86fcebc2f228fbd89122',2752521,'user.reward.balance.changed','{"id":"ab2b86fcebc2f228fbd89122","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000052,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"CENTS","availableValue":1500,"resourceVersion":1768482000052}}',1768482000052);
INSERT INTO "events" VALUES(1,'095e7cb74e130ab186b75156',2752523,'reward.created','{"id":"095e7cb74e130ab186b75156","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000052,"data":{"id":"e40a0a7b20f87fa84c46a401","type":"PCT_DISCOUNT","dateCreated":1768482000052,"dateGiven":1768482000052,"dateExpires":null,"dateCancelled":null,"dateScheduledFor":null,"accountId":"home-2","userId":"kim","cancellable":true,"rewardSource":"REFERRED","programId":"referral-program","programRewardKey":"referredReward","globalRewardKey":null,"referralId":"96f4c44e2390d119734e55fe","unit":"%","name":"Welcome discount","discountPercent":10}}',1768482000052);
INSERT INTO "events" VALUES(1,'414c65913bc20e5a791a931d',3276801,'reward.created','{"id":"414c65913bc20e5a791a931d","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000053,"data":{"id":"b53dc3c8309066090113394d","type":"CREDIT","dateCreated":1768482000053,"dateGiven":1768482000053,"dateExpires":null,"dateCancelled":null,"dateScheduledFor":null,"accountId":"acme","userId":"ana@example.org","cancellable":true,"rewardSource":"MANUAL","programId":null,"programRewardKey":null,"globalRewardKey":null,"referralId":null,"unit":"POINT","name":"Birthday points","currency":null,"assignedCredit":1000,"redeemedCredit":0,"redemptions":[]}}',1768482000053);
INSERT INTO "events" VALUES(1,'bdffa5f4084384cbbed2fc63',3276804,'user.reward.balance.changed','{"id":"bdffa5f4084384cbbed2fc63","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000053,"data":{"userId":"ana@example.org","accountId":"acme","unit":"POINT","availableValue":1000,"resourceVersion":1768482000053}}',1768482000053);
INSERT INTO "events" VALUES(1,'781039feec539b843c7196f2',3342338,'reward.created','{"id":"781039feec539b843c7196f2","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000054,"data":{"id":"71d28211143be7f4f6c63d46","type":"CREDIT","dateCreated":1768482000054,"dateGiven":1768482000054,"dateExpires":1768651200000,"dateCancelled":null,"dateScheduledFor":null,"accountId":"shop-1","userId":"lena@example.org","cancellable":true,"rewardSource":"MANUAL","programId":null,"programRewardKey":null,"globalRewardKey":null,"referralId":null,"unit":"CENTS","name":null,"currency":null,"assignedCredit":700,"redeemedCredit":0,"redemptions":[]}}',1768482000054);
INSERT INTO "events" VALUES(1,'e9a8b5fb54845b26cc8cdabd',3342341,'user.reward.balance.changed','{"id":"e9a8b5fb54845b26cc8cdabd","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000054,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"CENTS","availableValue":2200,"resourceVersion":1768482000054}}',1768482000054);
INSERT INTO "events" VALUES(1,'615e7068a69594fa474e2485',3407875,'reward.created','{"id":"615e7068a69594fa474e2485","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000055,"data":{"id":"7ebea90c8037de4ed9d05bbc","type":"CREDIT","dateCreated":1768482000055,"dateGiven":null,"dateExpires":1768737600000,"dateCancelled":null,"dateScheduledFor":1768564800000,"accountId":"shop-1","userId":"lena@example.org","cancellable":true,"rewardSource":"MANUAL","programId":null,"programRewardKey":null,"globalRewardKey":null,"referralId":null,"unit":"POINT","name":null,"currency":null,"assignedCredit":100,"redeemedCredit":0,"redemptions":[]}}',1768482000055);
INSERT INTO "events" VALUES(1,'6165c9db9f2fdecd77a02bbf',3473409,'reward.created','{"id":"6165c9db9f2fdecd77a02bbf","type":"reward.created","tenantAlias":"demo","live":true,"created":1768482000056,"data":{"id":"a2ee4ae2ce8b50c2af43bdca","type":"PCT_DISCOUNT","dateCreated":1768482000056,"dateGiven":1768482000056,"dateExpires":null,"dateCancelled":null,"dateScheduledFor":null,"accountId":"shop-1","userId":"lena@example.org","cancellable":true,"rewardSource":"MANUAL","programId":null,"programRewardKey":null,"globalRewardKey":null,"referralId":null,"unit":"%","name":"Sorry","discountPercent":15}}',1768482000056);
INSERT INTO "events" VALUES(1,'4d1119000363532489f336df',3604481,'user.reward.balance.changed','{"id":"4d1119000363532489f336df","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000057,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"CENTS","availableValue":1800,"resourceVersion":1768482000057}}',1768482000057);
INSERT INTO "events" VALUES(1,'adb4716d0a95de27dac6b826',3866625,'user.reward.balance.changed','{"id":"adb4716d0a95de27dac6b826","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000059,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"CENTS","availableValue":1300,"resourceVersion":1768482000059}}',1768482000059);
INSERT INTO "events" VALUES(1,'246f001ccfd10a873f4775e1',3997697,'user.reward.balance.changed','{"id":"246f001ccfd10a873f4775e1","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768482000060,"data":{"userId":"ana@example.org","accountId":"acme","unit":"CENTS","availableValue":1300,"resourceVersion":1768482000060}}',1768482000060);
INSERT INTO "events" VALUES(1,'00b528431aaafaf39b2fe03b',4915201,'export.created','{"id":"00b528431aaafaf39b2fe03b","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000062,"data":{"id":"0c8c125072cf68ea00746610","name":"Users of January","requester":"API","status":"PENDING","dateCreated":1768482000062,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":{"createdSince":"2026-01-01T00:00:00Z","programId":"referral-program"},"stats":null,"fileRef":null}}',1768482000062);
INSERT INTO "events" VALUES(1,'45b4f8536dd89b8a571df985',4980737,'export.completed','{"id":"45b4f8536dd89b8a571df985","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000062,"data":{"id":"0c8c125072cf68ea00746610","name":"Users of January","requester":"API","status":"COMPLETED","dateCreated":1768482000062,"dateCompleted":1768482000062,"dateExpires":1770901200062,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":{"createdSince":"2026-01-01T00:00:00Z","programId":"referral-program"},"stats":{"recordsProcessed":6,"errors":0},"fileRef":null}}',1768482000062);
INSERT INTO "events" VALUES(1,'24d58770e033f1723ae19aa8',5111809,'export.created','{"id":"24d58770e033f1723ae19aa8","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000063,"data":{"id":"e23fdf6400654a84e045561e","name":"USER CSV","requester":"API","status":"PENDING","dateCreated":1768482000063,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000063);
INSERT INTO "events" VALUES(1,'ad10ce82e795b3882371a2a6',5177345,'export.completed','{"id":"ad10ce82e795b3882371a2a6","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000063,"data":{"id":"e23fdf6400654a84e045561e","name":"USER CSV","requester":"API","status":"COMPLETED","dateCreated":1768482000063,"dateCompleted":1768482000063,"dateExpires":1770901200063,"mailtoEmail":null,"outputFormat":"CSV","task":"USER","operation":"QUERY","params":null,"stats":{"recordsProcessed":12,"errors":0},"fileRef":null}}',1768482000063);
INSERT INTO "events" VALUES(1,'56d8c5c8e89c4f2c5d1626af',5439489,'export.created','{"id":"56d8c5c8e89c4f2c5d1626af","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000064,"data":{"id":"0b66b1498541b7d72cf172e2","name":"USER XLSX","requester":"API","status":"PENDING","dateCreated":1768482000064,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"XLSX","task":"USER","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000064);
INSERT INTO "events" VALUES(1,'64328a8af1daf92bc4f050a9',5505025,'export.completed','{"id":"64328a8af1daf92bc4f050a9","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000064,"data":{"id":"0b66b1498541b7d72cf172e2","name":"USER XLSX","requester":"API","status":"COMPLETED","dateCreated":1768482000064,"dateCompleted":1768482000064,"dateExpires":1770901200064,"mailtoEmail":null,"outputFormat":"XLSX","task":"USER","operation":"QUERY","params":null,"stats":{"recordsProcessed":12,"errors":0},"fileRef":null}}',1768482000064);
INSERT INTO "events" VALUES(1,'f031fb6c1e200401360e59fa',5767169,'export.created','{"id":"f031fb6c1e200401360e59fa","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000065,"data":{"id":"05c3cd6a9d455ceac2ba4dcb","name":"REFERRAL CSV","requester":"API","status":"PENDING","dateCreated":1768482000065,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"REFERRAL","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000065);
INSERT INTO "events" VALUES(1,'9ddc21b338301a6cdd26f4ee',5832705,'export.completed','{"id":"9ddc21b338301a6cdd26f4ee","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000065,"data":{"id":"05c3cd6a9d455ceac2ba4dcb","name":"REFERRAL CSV","requester":"API","status":"COMPLETED","dateCreated":1768482000065,"dateCompleted":1768482000065,"dateExpires":1770901200065,"mailtoEmail":null,"outputFormat":"CSV","task":"REFERRAL","operation":"QUERY","params":null,"stats":{"recordsProcessed":6,"errors":0},"fileRef":null}}',1768482000065);
INSERT INTO "events" VALUES(1,'05b125b33432fb4fed7736e4',6094849,'export.created','{"id":"05b125b33432fb4fed7736e4","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000066,"data":{"id":"8c8556f6a8302de08f8d3f12","name":"REFERRAL XLSX","requester":"API","status":"PENDING","dateCreated":1768482000066,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"XLSX","task":"REFERRAL","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000066);
INSERT INTO "events" VALUES(1,'00a12662e4507e87e6949368',6160385,'export.completed','{"id":"00a12662e4507e87e6949368","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000066,"data":{"id":"8c8556f6a8302de08f8d3f12","name":"REFERRAL XLSX","requester":"API","status":"COMPLETED","dateCreated":1768482000066,"dateCompleted":1768482000066,"dateExpires":1770901200066,"mailtoEmail":null,"outputFormat":"XLSX","task":"REFERRAL","operation":"QUERY","params":null,"stats":{"recordsProcessed":6,"errors":0},"fileRef":null}}',1768482000066);
INSERT INTO "events" VALUES(1,'4732a351cf7d9e3ff5a9ab58',6422529,'export.created','{"id":"4732a351cf7d9e3ff5a9ab58","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000067,"data":{"id":"620b721f01ceecbf02790b7b","name":"REWARD CSV","requester":"API","status":"PENDING","dateCreated":1768482000067,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000067);
INSERT INTO "events" VALUES(1,'9f033e7e06d26e77b77ef060',6488065,'export.completed','{"id":"9f033e7e06d26e77b77ef060","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000067,"data":{"id":"620b721f01ceecbf02790b7b","name":"REWARD CSV","requester":"API","status":"COMPLETED","dateCreated":1768482000067,"dateCompleted":1768482000067,"dateExpires":1770901200067,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD","operation":"QUERY","params":null,"stats":{"recordsProcessed":18,"errors":0},"fileRef":null}}',1768482000067);
INSERT INTO "events" VALUES(1,'af10144514690d4f92eca06a',6750209,'export.created','{"id":"af10144514690d4f92eca06a","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000068,"data":{"id":"dd30b8b6a3eacd3410add3fd","name":"REWARD XLSX","requester":"API","status":"PENDING","dateCreated":1768482000068,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"XLSX","task":"REWARD","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000068);
INSERT INTO "events" VALUES(1,'f731d682532efe15eca7e3b2',6815745,'export.completed','{"id":"f731d682532efe15eca7e3b2","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000068,"data":{"id":"dd30b8b6a3eacd3410add3fd","name":"REWARD XLSX","requester":"API","status":"COMPLETED","dateCreated":1768482000068,"dateCompleted":1768482000068,"dateExpires":1770901200068,"mailtoEmail":null,"outputFormat":"XLSX","task":"REWARD","operation":"QUERY","params":null,"stats":{"recordsProcessed":18,"errors":0},"fileRef":null}}',1768482000068);
INSERT INTO "events" VALUES(1,'2371ac7b7b38a640633ba9c1',7077889,'export.created','{"id":"2371ac7b7b38a640633ba9c1","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000069,"data":{"id":"b6297abeb9b461b98fbfa7a5","name":"REWARD_BALANCE CSV","requester":"API","status":"PENDING","dateCreated":1768482000069,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD_BALANCE","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000069);
INSERT INTO "events" VALUES(1,'18052ae1646c3f25d1817562',7143425,'export.completed','{"id":"18052ae1646c3f25d1817562","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000069,"data":{"id":"b6297abeb9b461b98fbfa7a5","name":"REWARD_BALANCE CSV","requester":"API","status":"COMPLETED","dateCreated":1768482000069,"dateCompleted":1768482000069,"dateExpires":1770901200069,"mailtoEmail":null,"outputFormat":"CSV","task":"REWARD_BALANCE","operation":"QUERY","params":null,"stats":{"recordsProcessed":15,"errors":0},"fileRef":null}}',1768482000069);
INSERT INTO "events" VALUES(1,'b12a3a7fbaa064e0103070af',7405569,'export.created','{"id":"b12a3a7fbaa064e0103070af","type":"export.created","tenantAlias":"demo","live":true,"created":1768482000070,"data":{"id":"6fd5d98ad33a80fac5ebdc17","name":"REWARD_BALANCE XLSX","requester":"API","status":"PENDING","dateCreated":1768482000070,"dateCompleted":null,"dateExpires":null,"mailtoEmail":null,"outputFormat":"XLSX","task":"REWARD_BALANCE","operation":"QUERY","params":null,"stats":null,"fileRef":null}}',1768482000070);
INSERT INTO "events" VALUES(1,'65c92a8e3f71a8b9e4be6aae',7471105,'export.completed','{"id":"65c92a8e3f71a8b9e4be6aae","type":"export.completed","tenantAlias":"demo","live":true,"created":1768482000070,"data":{"id":"6fd5d98ad33a80fac5ebdc17","name":"REWARD_BALANCE XLSX","requester":"API","status":"COMPLETED","dateCreated":1768482000070,"dateCompleted":1768482000070,"dateExpires":1770901200070,"mailtoEmail":null,"outputFormat":"XLSX","task":"REWARD_BALANCE","operation":"QUERY","params":null,"stats":{"recordsProcessed":15,"errors":0},"fileRef":null}}',1768482000070);
INSERT INTO "events" VALUES(1,'fe456f716df571e641484001',7798785,'user.reward.balance.changed','{"id":"fe456f716df571e641484001","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768564800000,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"POINT","availableValue":100,"resourceVersion":1768564800000}}',1768564800000);
INSERT INTO "events" VALUES(4,'lce_313',4325377,'member-created','{"eventId":313,"eventType":"member-created","organizationId":1,"memberId":45,"createdAt":"2026-01-17T13:00:00.094Z","data":{"loyaltyMemberId":"new-0","publicLoyaltyMemberId":null,"memberType":null,"walletId":145,"active":true,"referralCode":null}}',1768654800094);
INSERT INTO "events" VALUES(4,'lce_314',4325381,'member-tier-set','{"eventId":314,"eventType":"member-tier-set","organizationId":1,"memberId":45,"createdAt":"2026-01-17T13:00:00.094Z","data":{"loyaltyMemberId":"new-0","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}}',1768654800094);
INSERT INTO "events" VALUES(4,'lce_315',4390913,'member-created','{"eventId":315,"eventType":"member-created","organizationId":1,"memberId":46,"createdAt":"2026-01-17T13:00:00.095Z","data":{"loyaltyMemberId":"new-1","publicLoyaltyMemberId":null,"memberType":null,"walletId":146,"active":true,"referralCode":null}}',1768654800095);
INSERT INTO "events" VALUES(4,'lce_316',4390915,'member-tier-set','{"eventId":316,"eventType":"member-tier-set","organizationId":1,"memberId":46,"createdAt":"2026-01-17T13:00:00.095Z","data":{"loyaltyMemberId":"new-1","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}}',1768654800095);
INSERT INTO "events" VALUES(4,'lce_317',4456449,'member-created','{"eventId":317,"eventType":"member-created","organizationId":1,"memberId":47,"createdAt":"2026-01-17T13:00:00.096Z","data":{"loyaltyMemberId":"new-2","publicLoyaltyMemberId":null,"memberType":null,"walletId":147,"active":true,"referralCode":null}}',1768654800096);
INSERT INTO "events" VALUES(4,'lce_318',4456451,'member-tier-set','{"eventId":318,"eventType":"member-tier-set","organizationId":1,"memberId":47,"createdAt":"2026-01-17T13:00:00.096Z","data":{"loyaltyMemberId":"new-2","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}}',1768654800096);
INSERT INTO "events" VALUES(4,'lce_319',4521985,'member-created','{"eventId":319,"eventType":"member-created","organizationId":1,"memberId":48,"createdAt":"2026-01-17T13:00:00.097Z","data":{"loyaltyMemberId":"by-code","publicLoyaltyMemberId":null,"memberType":"customer","walletId":148,"active":true,"referralCode":"ANA-STONE"}}',1768654800097);
INSERT INTO "events" VALUES(4,'lce_320',4521987,'member-tier-set','{"eventId":320,"eventType":"member-tier-set","organizationId":1,"memberId":48,"createdAt":"2026-01-17T13:00:00.097Z","data":{"loyaltyMemberId":"by-code","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}}',1768654800097);
INSERT INTO "events" VALUES(4,'lce_323',4653057,'member-updated','{"eventId":323,"eventType":"member-updated","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.098Z","data":{"loyaltyMemberId":"HC-000042","publicLoyaltyMemberId":"CARD-7731","memberType":"customer","walletId":142,"active":true,"referralCode":"BEN-FIELD","changed":["profile"],"updateReason":"Asked for at the counter"}}',1768654800098);
INSERT INTO "events" VALUES(4,'lce_324',4718593,'member-updated','{"eventId":324,"eventType":"member-updated","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.099Z","data":{"loyaltyMemberId":"HC-000042","publicLoyaltyMemberId":"CARD-7731","memberType":"customer","walletId":142,"active":true,"referralCode":"BEN-FIELD","changed":["customAttributes"],"updateReason":null}}',1768654800099);
INSERT INTO "events" VALUES(4,'lce_325',6029313,'coupon-code-assigned','{"eventId":325,"eventType":"coupon-code-assigned","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.106Z","data":{"couponUsageId":51,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000901","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.106Z","updatedAt":"2026-01-17T13:00:00.106Z","revertedAt":null}}',1768654800106);
INSERT INTO "events" VALUES(4,'lce_326',6160386,'coupon-code-used','{"eventId":326,"eventType":"coupon-code-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.107Z","data":{"couponUsageId":52,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":51,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000902","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z","revertedAt":null}}',1768654800107);
INSERT INTO "events" VALUES(4,'lce_327',6160388,'benefit-used','{"eventId":327,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.107Z","data":{"couponUsage":{"couponUsageId":52,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":51,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000902","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":1,"usedCount":1,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}}',1768654800107);
INSERT INTO "events" VALUES(4,'lce_328',6225922,'ledger-transaction-created','{"eventId":328,"eventType":"ledger-transaction-created","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.107Z","data":{"ledgerTransactionId":"91","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":30,"capturedAmount":30,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission coupon-fan","tags":[],"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z"}}',1768654800107);
INSERT INTO "events" VALUES(4,'lce_329',6225924,'mission-status-updated','{"eventId":329,"eventType":"mission-status-updated","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.107Z","data":{"missionId":3,"missionKey":"coupon-fan","code":"coupon-fan","name":"Coupon fan","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":30,"counterCount":2,"progressCount":0,"timesAchieved":1,"available":true}}',1768654800107);
INSERT INTO "events" VALUES(4,'lce_330',6356994,'coupon-code-assigned','{"eventId":330,"eventType":"coupon-code-assigned","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.108Z","data":{"couponUsageId":53,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":"ice-for-ana","customAttributes":{},"createdAt":"2026-01-17T13:00:00.108Z","updatedAt":"2026-01-17T13:00:00.108Z","revertedAt":null}}',1768654800108);
INSERT INTO "events" VALUES(4,'lce_331',6488066,'coupon-code-used','{"eventId":331,"eventType":"coupon-code-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.110Z","data":{"couponUsageId":54,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.110Z","updatedAt":"2026-01-17T13:00:00.110Z","revertedAt":null}}',1768654800110);
INSERT INTO "events" VALUES(4,'lce_332',6488068,'benefit-used','{"eventId":332,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.110Z","data":{"couponUsage":{"couponUsageId":54,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.110Z","updatedAt":"2026-01-17T13:00:00.110Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":2,"usedCount":2,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}}',1768654800110);
INSERT INTO "events" VALUES(4,'lce_333',6750210,'coupon-code-used','{"eventId":333,"eventType":"coupon-code-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"couponUsageId":55,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z","revertedAt":null}}',1768654800112);
INSERT INTO "events" VALUES(4,'lce_334',6750212,'benefit-used','{"eventId":334,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"couponUsage":{"couponUsageId":55,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":2,"usedCount":2,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}}',1768654800112);
INSERT INTO "events" VALUES(4,'lce_335',6815746,'ledger-transaction-created','{"eventId":335,"eventType":"ledger-transaction-created","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"ledgerTransactionId":"92","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":30,"capturedAmount":30,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission coupon-fan","tags":[],"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z"}}',1768654800112);
INSERT INTO "events" VALUES(4,'lce_336',6815748,'mission-status-updated','{"eventId":336,"eventType":"mission-status-updated","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"missionId":3,"missionKey":"coupon-fan","code":"coupon-fan","name":"Coupon fan","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":30,"counterCount":4,"progressCount":0,"timesAchieved":2,"available":false}}',1768654800112);
INSERT INTO "events" VALUES(4,'lce_337',6946818,'ledger-transaction-created','{"eventId":337,"eventType":"ledger-transaction-created","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.113Z","data":{"ledgerTransactionId":"93","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"burn","status":"posted","amount":60,"capturedAmount":60,"fromWalletId":142,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Coupon of A cup on the house","tags":[],"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z"}}',1768654800113);
INSERT INTO "events" VALUES(4,'lce_338',6946820,'coupon-code-assigned','{"eventId":338,"eventType":"coupon-code-assigned","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.113Z","data":{"couponUsageId":56,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":60,"ledgerTransactionId":"93","expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z","revertedAt":null}}',1768654800113);
INSERT INTO "events" VALUES(4,'lce_339',7012354,'coupon-code-used','{"eventId":339,"eventType":"coupon-code-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.114Z","data":{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null}}',1768654800114);
INSERT INTO "events" VALUES(4,'lce_340',7012356,'benefit-used','{"eventId":340,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.114Z","data":{"couponUsage":{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null},"couponBook":{"couponBookId":1,"organizationId":1,"loyaltyProgramId":1,"externalId":null,"rankingIndex":1,"audienceKeys":[],"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":1,"contentSchemaVersionId":1,"locale":"en","content":{"headline":"This one is on us"},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":20,"assignedCount":2,"usedCount":2,"createdAt":"2025-01-15T12:11:00.000Z","updatedAt":"2026-01-17T13:00:00.104Z"}}}',1768654800114);
INSERT INTO "events" VALUES(1,'c947884c99668b686986ac60',8454145,'user.reward.balance.changed','{"id":"c947884c99668b686986ac60","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768737600000,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"POINT","availableValue":0,"resourceVersion":1768737600000}}',1768737600000);
INSERT INTO "events" VALUES(2,'evt_j0ob650romsrrjspypy2',3604482,'points.changed','{"id":"evt_j0ob650romsrrjspypy2","type":"points.changed","created":"2026-01-20T13:00:00.147Z","business_id":"biz_demo","data":{"transaction_id":"txn_2fhgiajk0jzrr8kaz6ho","advocate_id":"adv_demo0000000000000001","type":"referral_conversion","amount":100,"balance_after":3145}}',1768914000147);
INSERT INTO "events" VALUES(2,'evt_hk2q6i4irxcly3jbh2m5',3604484,'referral.converted','{"id":"evt_hk2q6i4irxcly3jbh2m5","type":"referral.converted","created":"2026-01-20T13:00:00.147Z","business_id":"biz_demo","data":{"conversion_id":"cnv_qb9blmnvo098trmovdpc","code":"ANAST2NE","advocate_id":"adv_demo0000000000000001","order_id":"kept-1","order_value":49.9,"points_awarded":100}}',1768914000147);
INSERT INTO "events" VALUES(1,'6bda95c38a52342ed8266c71',8519681,'coupon.created','{"id":"6bda95c38a52342ed8266c71","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768914000148,"data":{"code":"KIM","dateCreated":1768914000148,"programId":"referral-program"}}',1768914000148);
INSERT INTO "events" VALUES(1,'f974fe067fb86e166ec38368',8519683,'coupon.created','{"id":"f974fe067fb86e166ec38368","type":"coupon.created","tenantAlias":"demo","live":true,"created":1768914000148,"data":{"code":"KIM2","dateCreated":1768914000148,"programId":"partner-program"}}',1768914000148);
INSERT INTO "events" VALUES(1,'ebd3b4bef6b31edf83883649',8519685,'user.created','{"id":"ebd3b4bef6b31edf83883649","type":"user.created","tenantAlias":"demo","live":true,"created":1768914000148,"data":{"id":"kept","accountId":"kept","firstName":"Kim","lastName":null,"email":null,"imageUrl":"","cookieId":null,"locale":null,"countryCode":null,"referable":true,"referralCodes":{"referral-program":"KIM","partner-program":"KIM2"},"referredByCodes":[],"firstSeenIP":null,"lastSeenIP":null,"dateCreated":1768914000148,"customFields":{},"segments":[],"programShareLinks":{"referral-program":{"cleanShareLink":"http://localhost:8080/l/mzNxCW5lqb","MOBILE":{"DIRECT":"http://localhost:8080/l/meNxCW5lqb"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPNxCW5lqb"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvNxCW5lqb"}},"partner-program":{"cleanShareLink":"http://localhost:8080/l/mzEl0A1OuH","MOBILE":{"DIRECT":"http://localhost:8080/l/meEl0A1OuH"},"EMAIL":{"DIRECT":"http://localhost:8080/l/mPEl0A1OuH"},"UNKNOWN":{"DIRECT":"http://localhost:8080/l/mvEl0A1OuH"}}},"dateBlocked":null}}',1768914000148);
INSERT INTO "events" VALUES(1,'da5b979527e5f3e6739ef464',8519688,'referral.started','{"id":"da5b979527e5f3e6739ef464","type":"referral.started","tenantAlias":"demo","live":true,"created":1768914000148,"data":{"id":"73ba845eeff13e5cf56c2a68","referrer":{"id":"ana@example.org","accountId":"acme"},"referred":{"id":"kept","accountId":"kept"},"referralCodeUsed":"ANASTONE","shareLinkUsed":"http://localhost:8080/l/mzeHz2mt1N","dateReferralStarted":1768914000148,"dateConverted":null,"dateModified":1768914000148,"dateUserModified":1768914000148,"programId":"referral-program"}}',1768914000148);
INSERT INTO "events" VALUES(1,'c651af3b784ca4ee396f92c6',8585217,'referral.converted','{"id":"c651af3b784ca4ee396f92c6","type":"referral.converted","tenantAlias":"demo","live":true,"created":1768914000149,"data":{"id":"73ba845eeff13e5cf56c2a68","referrer":{"id":"ana@example.org","accountId":"acme"},"referred":{"id":"kept","accountId":"kept"},"referralCodeUsed":"ANASTONE","shareLinkUsed":"http://localhost:8080/l/mzeHz2mt1N","dateReferralStarted":1768914000148,"dateConverted":1768914000149,"dateModified":1768914000149,"dateUserModified":1768914000148,"programId":"referral-program"}}',1768914000149);
INSERT INTO "events" VALUES(1,'ebbaf6c2769ed5a93eb2e6df',8585222,'reward.created','{"id":"ebbaf6c2769ed5a93eb2e6df","type":"reward.created","tenantAlias":"demo","live":true,"created":1768914000149,"data":{"id":"1db02b00b3275ea5270655b4","type":"CREDIT","dateCreated":1768914000149,"dateGiven":1768914000149,"dateExpires":1800450000149,"dateCancelled":null,"dateScheduledFor":null,"accountId":"acme","userId":"ana@example.org","cancellable":true,"rewardSource":"FRIEND_SIGNUP","programId":"referral-program","programRewardKey":"referrerReward","globalRewardKey":null,"referralId":"73ba845eeff13e5cf56c2a68","unit":"CENTS","name":"Thank you","currency":null,"assignedCredit":1500,"redeemedCredit":0,"redemptions":[]}}',1768914000149);
INSERT INTO "events" VALUES(1,'dc0c96a3bfdcc92e6fb834ca',8585225,'user.reward.balance.changed','{"id":"dc0c96a3bfdcc92e6fb834ca","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768914000149,"data":{"userId":"ana@example.org","accountId":"acme","unit":"CENTS","availableValue":2800,"resourceVersion":1768914000149}}',1768914000149);
INSERT INTO "events" VALUES(1,'ac1b746bf7ffa645f8364c17',8585227,'reward.created','{"id":"ac1b746bf7ffa645f8364c17","type":"reward.created","tenantAlias":"demo","live":true,"created":1768914000149,"data":{"id":"c7a8926190b91e6ac4c06a6e","type":"PCT_DISCOUNT","dateCreated":1768914000149,"dateGiven":1768914000149,"dateExpires":null,"dateCancelled":null,"dateScheduledFor":null,"accountId":"kept","userId":"kept","cancellable":true,"rewardSource":"REFERRED","programId":"referral-program","programRewardKey":"referredReward","globalRewardKey":null,"referralId":"73ba845eeff13e5cf56c2a68","unit":"%","name":"Welcome discount","discountPercent":10}}',1768914000149);
CREATE TABLE idempotency_answers (
	tenant_id INTEGER NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	status INTEGER NOT NULL, 
	headers JSON NOT NULL, 
	sealed BLOB, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_idempotency_answers PRIMARY KEY (tenant_id, "key")
);
INSERT INTO "idempotency_answers" VALUES(2,'kept-1','93c29838ff1a597ad78799a9489f2eb0958f9ec9f1e5fbb650c5024be204c9cb',200,'{}',X'376536D6D6B2F7D1FFFD7D9FFD751391765A6ED49A80517734913FE6C441F6EB65F9C0BEC42C2C863733F5B725290456A09C525AA5DA3E3B8D9E53715A3FC078BED2A5F196BBCF7F7333BDF53164DB733C0267A28A20AE2AEF53B54599A8CE7CA6A175797FDA39ED23D0CC49086F8E44D9D203470249FDFE649B1439177CFB8086FBE5E9F899DE110EDB78C8636883BB6B2AD04B8268CF4A837582F9AB3AC682C9D0E623ED568E1F6CA42D061B60BA2861AF227263D58D857BEC2EC4182D74676B1F83EAA308495ED938CA7FDA5F4F963DB678DA1BD2A24C6D713F6C3C648324FD26C6639A9B402C0CB0BFBFE7EA46B1482B697788EC6171767A6239FF5BDAEEC8AFA082B3700AF6158734E41FAD98',1768914000147);
CREATE TABLE inbox_messages (
	tenant_id INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	received_ms INTEGER NOT NULL, 
	headers JSON NOT NULL, 
	body TEXT NOT NULL, 
	verified JSON NOT NULL, 
	CONSTRAINT pk_inbox_messages PRIMARY KEY (tenant_id, name, number)
);
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',6750209,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_334", "webhook-timestamp": "1768654800", "webhook-signature": "v1,8IRnXYp9lvUh1qMWGrT8RtoUen06r0AP9AK0hFNq/mM="}','{"eventId":334,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"couponUsage":{"couponUsageId":55,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":2,"usedCount":2,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',6815745,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_335", "webhook-timestamp": "1768654800", "webhook-signature": "v1,6j9l1iNbyGlXv57HQngdEXp7KvTdXD4LYS/kcs+icJQ="}','{"eventId":335,"eventType":"ledger-transaction-created","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"ledgerTransactionId":"92","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":30,"capturedAmount":30,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission coupon-fan","tags":[],"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z"}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',6881281,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_336", "webhook-timestamp": "1768654800", "webhook-signature": "v1,xTZcrw9p+DLoXRsI7RzdoQ08l6XQltrERRKVAxr2iQo="}','{"eventId":336,"eventType":"mission-status-updated","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.112Z","data":{"missionId":3,"missionKey":"coupon-fan","code":"coupon-fan","name":"Coupon fan","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":30,"counterCount":4,"progressCount":0,"timesAchieved":2,"available":false}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',6946817,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_337", "webhook-timestamp": "1768654800", "webhook-signature": "v1,YLAlufCv7k51FX62nLSuqfUX0bwHdENvwKZo6G1YK4c="}','{"eventId":337,"eventType":"ledger-transaction-created","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.113Z","data":{"ledgerTransactionId":"93","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"burn","status":"posted","amount":60,"capturedAmount":60,"fromWalletId":142,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Coupon of A cup on the house","tags":[],"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z"}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',7012353,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_338", "webhook-timestamp": "1768654800", "webhook-signature": "v1,OvzzQkAub9NZm357S4OXWJ3Yry9IulO8wUkbX1xTMvs="}','{"eventId":338,"eventType":"coupon-code-assigned","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.113Z","data":{"couponUsageId":56,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":60,"ledgerTransactionId":"93","expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z","revertedAt":null}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',7077889,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_339", "webhook-timestamp": "1768654800", "webhook-signature": "v1,10iYYBe2LiazOAJFrbq/kLuriJjp0ucRnqvazuQktFw="}','{"eventId":339,"eventType":"coupon-code-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.114Z","data":{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'loyalty-core',7143425,1768654800121,'{"content-type": "application/json", "webhook-id": "lce_340", "webhook-timestamp": "1768654800", "webhook-signature": "v1,NCrSZfK+nXNxEvrFxuAhlfQWKFHpF1ad5POFvVNI0t8="}','{"eventId":340,"eventType":"benefit-used","organizationId":1,"memberId":42,"createdAt":"2026-01-17T13:00:00.114Z","data":{"couponUsage":{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null},"couponBook":{"couponBookId":1,"organizationId":1,"loyaltyProgramId":1,"externalId":null,"rankingIndex":1,"audienceKeys":[],"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":1,"contentSchemaVersionId":1,"locale":"en","content":{"headline":"This one is on us"},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":20,"assignedCount":2,"usedCount":2,"createdAt":"2025-01-15T12:11:00.000Z","updatedAt":"2026-01-17T13:00:00.104Z"}}}','{"webhook-signature": true}');
INSERT INTO "inbox_messages" VALUES(0,'saasquatch',7208961,1768737600000,'{"content-type": "application/json; charset=UTF-8", "x-hook-jws-rfc-7797": "eyJraWQiOiI1YzFmN2E1Mi02ZjBlLTRiOGUtOWQ0My0yZjZmMGE3ZjRlMTEiLCJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9..gEiMA7-ZxWfGhpowElwS7HThkKXtBk9H0K5EpzvCJopaImh_PET5tgiYrG2lFwc_gZkrGrNbfxBgYPBErzqOlFoN2Mxmin-Bet939-eyKW64Nw5BUvBEuRcIDFZr8kIETIOpV3NNlilWSduxXi-nxQOO8Rm6Iloz7AaiRiz7znvEMNshzr4YMWxHSu1UScGz-G3SgUlaSPO-DpsFQOkpZUbbcknygU-Io0f7I11qy8azXU551a4Pjd6rqoPumIGV1ZgjNL6Fo446dPGmC4vNWycjR4T5IQjCMzh_R6TFuvXfMCTxU2ekJlMMLUkjAy89tbUwlMoGCdJDiitMTTfzSw", "x-hook-signature": "LhxSyncXcP9B/Q0y8O4kHcwYl1U="}','{"id":"c947884c99668b686986ac60","type":"user.reward.balance.changed","tenantAlias":"demo","live":true,"created":1768737600000,"data":{"userId":"lena@example.org","accountId":"shop-1","unit":"POINT","availableValue":0,"resourceVersion":1768737600000}}','{"X-Hook-Signature": true, "X-Hook-JWS-RFC-7797": true}');
CREATE TABLE jobs (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	sandbox_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	due_at_ms INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	leased_until_ms INTEGER, endpoint_id VARCHAR(64), 
	CONSTRAINT pk_jobs PRIMARY KEY (tenant_id, id)
);
INSERT INTO "jobs" VALUES(1,1,1,'reward_expired','566c5533a8d5a85b67958caa',1794476005205,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,2,1,'reward_expired','02c64afb71f52a393aa09377',1794431314327,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,3,1,'reward_expired','bf3a3b8113767b8a0d63e382',1796474982024,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,1,1,'tier-expiry','35/1',1774094400000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,2,1,'tier-expiry','42/1',1800014400000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,3,1,'points-expiry','3/101',1777620227286,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,4,1,'points-expiry','3/104',1777673936207,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,5,1,'points-expiry','3/119',1770478628365,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,6,1,'points-expiry','3/131',1774570030570,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,65539,1,'export_expired','5f00000000000000000000c1',1770897600000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,131075,1,'export_expired','c2aeda0c89709b879a26418d',1770897600000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,196611,1,'export_expired','555a2d7c306201ec3d3df8d7',1770897600000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,2752517,1,'reward_expired','0edb0978586d73effcca03e9',1800018000052,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,4980739,1,'export_expired','0c8c125072cf68ea00746610',1770901200062,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,5177347,1,'export_expired','e23fdf6400654a84e045561e',1770901200063,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,5505027,1,'export_expired','0b66b1498541b7d72cf172e2',1770901200064,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,5832707,1,'export_expired','05c3cd6a9d455ceac2ba4dcb',1770901200065,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,6160387,1,'export_expired','8c8556f6a8302de08f8d3f12',1770901200066,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,6488067,1,'export_expired','620b721f01ceecbf02790b7b',1770901200067,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,6815747,1,'export_expired','dd30b8b6a3eacd3410add3fd',1770901200068,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,7143427,1,'export_expired','b6297abeb9b461b98fbfa7a5',1770901200069,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,7471107,1,'export_expired','6fd5d98ad33a80fac5ebdc17',1770901200070,0,NULL,NULL);
INSERT INTO "jobs" VALUES(4,6356993,1,'coupon-expiry','53',1798675200000,0,NULL,NULL);
INSERT INTO "jobs" VALUES(2,3604483,1,'delivery','4bb7f8a1cf299f6f39f4a963',1768914000147,0,NULL,'whe_6zsd55nw4lbcelh2jv0c');
INSERT INTO "jobs" VALUES(2,3604485,1,'delivery','2f56b9481533adbe595592c5',1768914000147,0,NULL,'whe_6zsd55nw4lbcelh2jv0c');
INSERT INTO "jobs" VALUES(1,8519682,1,'delivery','37c4a65605c109f6af056ccf',1768914000148,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8519684,1,'delivery','88b9c086be73bf05ea35e106',1768914000148,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8519686,1,'delivery','ff04a8a9deb688fad2fcd8d5',1768914000148,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8519687,1,'delivery','c6348dc24e0741267aeaaa9a',1768914000148,0,NULL,'7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d');
INSERT INTO "jobs" VALUES(1,8519689,1,'delivery','15d0a654889c4b365f7cc770',1768914000148,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8585218,1,'delivery','76842dd13f32bed9319230a1',1768914000149,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8585219,1,'delivery','f98bfbeb1d9ee102244c20c5',1768914000149,0,NULL,'7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d');
INSERT INTO "jobs" VALUES(1,8585220,1,'delivery','7e60f1a084f6ddc0d9347d65',1768914000149,0,NULL,'99181137a3d89b01cbf5334a4f07de4373d7705e4844f563cd61e7ab69375324');
INSERT INTO "jobs" VALUES(1,8585221,1,'reward_expired','1db02b00b3275ea5270655b4',1800450000149,0,NULL,NULL);
INSERT INTO "jobs" VALUES(1,8585223,1,'delivery','1d40e5ffd32f65977f2cb2cc',1768914000149,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8585224,1,'delivery','e11ac1358fe59f51cff5b4e0',1768914000149,0,NULL,'7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d');
INSERT INTO "jobs" VALUES(1,8585226,1,'delivery','04f1ac0d3cce1873e034ea82',1768914000149,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8585228,1,'delivery','358b974a3fcd1b0de9c00ab2',1768914000149,0,NULL,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc');
INSERT INTO "jobs" VALUES(1,8585229,1,'delivery','6fd7278899bfa77d7c8f617c',1768914000149,0,NULL,'7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d');
CREATE TABLE lc_accounts (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	ledger_id INTEGER NOT NULL, 
	account_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	is_currency BOOLEAN NOT NULL, 
	decimals INTEGER NOT NULL, 
	format_string VARCHAR(255), 
	max_supply INTEGER, 
	is_revolving BOOLEAN NOT NULL, 
	tracked BOOLEAN NOT NULL, 
	sync_algorand BOOLEAN NOT NULL, 
	expires_in_months INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_accounts PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_accounts_tenant_id_account_key UNIQUE (tenant_id, account_key)
);
INSERT INTO "lc_accounts" VALUES(4,1,1,'points','Points',1,0,0,'{amount} points',NULL,0,0,0,0,1736942400000,1736942400000);
INSERT INTO "lc_accounts" VALUES(4,2,1,'status-points','Status points',1,0,0,NULL,NULL,0,0,0,0,1736942401000,1736942401000);
INSERT INTO "lc_accounts" VALUES(4,3,2,'stamps','Stamps',1,0,0,'{amount} stamps',4000,1,1,0,4,1736942401000,1736942401000);
INSERT INTO "lc_accounts" VALUES(5,1,1,'points','Points',1,0,0,NULL,NULL,0,0,0,0,1768478400000,1768478400000);
CREATE TABLE lc_audiences (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	segment_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	active BOOLEAN NOT NULL, 
	matcher_type VARCHAR(32) NOT NULL, 
	matcher JSON NOT NULL, 
	found_by TEXT NOT NULL, 
	member_count INTEGER, 
	refreshed_ms INTEGER, 
	counted INTEGER NOT NULL, 
	counted_to INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_audiences PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_audiences_tenant_id_segment_key UNIQUE (tenant_id, segment_key)
);
INSERT INTO "lc_audiences" VALUES(4,1,'flat-white-lovers','Flat white lovers','Whose favourite it is.',1,'attribute-matcher','{"conditions":[{"attribute":"customAttributes.favourite","operator":"equals","value":"flat white"}]}','flat white lovers
whose favourite it is.',8,1768741200094,0,0,1736942940000,1736942940000);
INSERT INTO "lc_audiences" VALUES(4,2,'tasting-guests','Tasting guests','The first ones, for a tasting for two.',1,'list-matcher','{"memberIds":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]}','tasting guests
the first ones, for a tasting for two.',19,1768741200094,0,0,1754222400000,1754222400000);
INSERT INTO "lc_audiences" VALUES(4,3,'next-season','Next season',NULL,1,'null-matcher','{}','next season
',0,1736942940000,0,0,1736942940000,1736942940000);
INSERT INTO "lc_audiences" VALUES(4,4,'vip-customers','VIPs','Who has been with us for a year, in the highest tier.',0,'attribute-matcher','{"match": "all", "conditions": [{"attribute": "tiers", "operator": "contains", "value": "captain"}, {"attribute": "createdAt", "operator": "lessThan", "value": "2025-01-15"}]}','vips
who has been with us for a year, in the highest tier.',0,1768914000123,0,0,1768914000123,1768914000127);
INSERT INTO "lc_audiences" VALUES(4,5,'grown-ups','Grown-ups',NULL,1,'attribute-matcher','{"expression": "member.profile.age >= 18"}','grown-ups
',1,1768914000124,0,0,1768914000124,1768914000124);
INSERT INTO "lc_audiences" VALUES(4,6,'the-crew','The crew',NULL,1,'list-matcher','{"memberIds": [42]}','the crew
',1,1768914000125,0,0,1768914000125,1768914000125);
CREATE TABLE lc_badges (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	badge_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_lc_badges PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_badges_tenant_id_badge_key UNIQUE (tenant_id, badge_key)
);
INSERT INTO "lc_badges" VALUES(4,1,'taster','Taster');
INSERT INTO "lc_badges" VALUES(4,2,'tasting-host','Brought a friend');
CREATE TABLE lc_campaign_actions (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	action_index INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	abort_if_false BOOLEAN NOT NULL, 
	abort_on_error BOOLEAN NOT NULL, 
	rules JSON NOT NULL, 
	effects JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_campaign_actions PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_campaign_actions" VALUES(4,1,3,0,'Thank everybody','running',0,0,'{}','{"items":[{"effectId":"mint-points","parameters":{"amount":30,"description":"Thank you for tasting","tags":["tasting"]}},{"effectId":"mint-badge","parameters":{"badgeKey":"taster"}}]}',1736942880000,1736942880000);
INSERT INTO "lc_campaign_actions" VALUES(4,2,3,1,'A badge for who brings a friend','running',0,0,'{"expression":"event.payload.seats >= 2"}','{"items":[{"effectId":"mint-badge","parameters":{"badgeKey":"tasting-host"}}]}',1736942880000,1736942880000);
INSERT INTO "lc_campaign_actions" VALUES(4,3,3,2,'A cup on top, from May','draft',0,0,'{}','{"items":[{"effectId":"assign-coupon","parameters":{"couponBookId":1}}]}',1736942880000,1736942880000);
INSERT INTO "lc_campaign_actions" VALUES(4,5,8,0,'Thank you','running',1,0,'{"expression": "event.payload.stars >= 4"}','{"items": [{"effectId": "mint-points", "parameters": {"amount": {"expression": "event.payload.stars * 2"}}}, {"effectId": "mint-badge", "parameters": {"badgeKey": "taster"}}, {"effectId": "assign-coupon", "parameters": {"couponBookId": 1}}, {"effectId": "set-member-attribute", "parameters": {"name": "reviewed", "value": true}}]}',1768914000136,1768914000137);
CREATE TABLE lc_campaign_points (
	tenant_id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	month_ms INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	CONSTRAINT pk_lc_campaign_points PRIMARY KEY (tenant_id, campaign_id, member_id, month_ms)
);
INSERT INTO "lc_campaign_points" VALUES(4,1,42,1767225600000,50);
CREATE TABLE lc_campaign_tags (
	tenant_id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	tag VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_lc_campaign_tags PRIMARY KEY (tenant_id, campaign_id, tag)
);
INSERT INTO "lc_campaign_tags" VALUES(4,1,'base');
INSERT INTO "lc_campaign_tags" VALUES(4,2,'base');
INSERT INTO "lc_campaign_tags" VALUES(4,3,'events');
INSERT INTO "lc_campaign_tags" VALUES(4,4,'tiers');
INSERT INTO "lc_campaign_tags" VALUES(4,5,'base');
INSERT INTO "lc_campaign_tags" VALUES(4,5,'seasonal');
INSERT INTO "lc_campaign_tags" VALUES(4,6,'orders');
CREATE TABLE lc_campaigns (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_id INTEGER, 
	code VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	picture_url VARCHAR(2048), 
	type VARCHAR(255), 
	active BOOLEAN NOT NULL, 
	event_type VARCHAR(255), 
	enabled_topics JSON NOT NULL, 
	audience_keys JSON NOT NULL, 
	tier_keys JSON NOT NULL, 
	days_of_week JSON NOT NULL, 
	location_codes JSON NOT NULL, 
	min_spend INTEGER, 
	valid_from_ms INTEGER, 
	valid_to_ms INTEGER, 
	points_monthly_limit INTEGER, 
	allow_partial BOOLEAN NOT NULL, 
	smart_rewards JSON NOT NULL, 
	tags JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_campaigns PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_campaigns_tenant_id_code UNIQUE (tenant_id, code)
);
INSERT INTO "lc_campaigns" VALUES(4,1,1,'points-for-coffee','Points for coffee',NULL,NULL,'standing',1,'member-purchase-order-confirmed','[]','[]','[]','[]','[]',NULL,NULL,NULL,NULL,0,'{"pointsPerCurrencyUnit":10}','["base"]','{}',1736942880000,1736942880000);
INSERT INTO "lc_campaigns" VALUES(4,2,1,'status-for-coffee','Status for coffee',NULL,NULL,'standing',1,'member-purchase-order-confirmed','[]','[]','[]','[]','[]',NULL,NULL,NULL,NULL,0,'{"pointsPerCurrencyUnit":10,"ledgerId":1,"ledgerAccountId":2}','["base"]','{}',1736942880000,1736942880000);
INSERT INTO "lc_campaigns" VALUES(4,3,1,'tastings','Tastings',NULL,NULL,'standing',1,NULL,'["tasting-attended"]','[]','[]','[]','[]',NULL,NULL,NULL,NULL,0,'{}','["events"]','{}',1736942880000,1736942880000);
INSERT INTO "lc_campaigns" VALUES(4,4,1,'thanks-to-harbour-masters','Thanks to harbour masters',NULL,NULL,'standing',1,'member-purchase-order-confirmed','[]','[]','["harbour-master"]','[]','[]',NULL,NULL,NULL,30,1,'{"fixedPoints":20}','["tiers"]','{}',1736942880000,1736942880000);
INSERT INTO "lc_campaigns" VALUES(4,5,1,'double-points-next-month','Double points next month',NULL,NULL,'standing',0,'member-purchase-order-confirmed','[]','[]','[]','["saturday","sunday"]','[]',100000,1770206400000,1772798400000,NULL,0,'{"pointsPerCurrencyUnit":10}','["base","seasonal"]','{}',1767700800000,1768471200000);
INSERT INTO "lc_campaigns" VALUES(4,6,1,'double-mondays','Double at weekends','Twice the points on Mondays at the harbour.','https://img.example.org/campaigns/monday.png','multiplier',1,'member-purchase-order-confirmed','[]','["regulars"]','["mate"]','["saturday", "sunday"]','["pier-3"]',45000,1767225600000,1782864000000,500,1,'{"pointsPerCurrencyUnit": 10, "multiplier": 2}','["orders"]','{"owner": "marketing"}',1768914000134,1768914000138);
INSERT INTO "lc_campaigns" VALUES(4,8,1,'reviews','Reviews',NULL,NULL,NULL,1,NULL,'["app-review"]','[]','[]','[]','[]',NULL,NULL,NULL,NULL,0,'{}','[]','{}',1768914000135,1768914000135);
CREATE TABLE lc_coded_items (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	label VARCHAR(255) NOT NULL, 
	tags JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_coded_items PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_coded_items_tenant_id_kind_code UNIQUE (tenant_id, kind, code)
);
INSERT INTO "lc_coded_items" VALUES(4,1,'orderLocation','webshop','Web shop and app','["online"]',1736942460000,1768654800083);
INSERT INTO "lc_coded_items" VALUES(4,2,'orderLocation','pier-counter','Counter on the pier','["counter"]',1736942520000,1736942520000);
INSERT INTO "lc_coded_items" VALUES(4,3,'orderLocation','app','App','["online"]',1736942580000,1736942580000);
INSERT INTO "lc_coded_items" VALUES(4,4,'orderLocation','old-town-counter','Counter in the old town','["counter"]',1736942640000,1736942640000);
INSERT INTO "lc_coded_items" VALUES(4,5,'productCategory','coffee-beans','Beans and ground coffee','["retail"]',1736942700000,1768654800085);
INSERT INTO "lc_coded_items" VALUES(4,6,'productCategory','hot-drinks','Hot drinks','["bar"]',1736942760000,1736942760000);
INSERT INTO "lc_coded_items" VALUES(4,7,'productCategory','cold-drinks','Cold drinks','["bar"]',1736942820000,1736942820000);
INSERT INTO "lc_coded_items" VALUES(4,8,'productCategory','cakes','Cakes','["bar"]',1736942880000,1736942880000);
INSERT INTO "lc_coded_items" VALUES(4,9,'productCategory','brewing-gear','Brewing gear','["retail"]',1736942940000,1736942940000);
INSERT INTO "lc_coded_items" VALUES(4,10,'location','pier-3','Pier 3 roastery','["shop"]',1736943000000,1768654800087);
INSERT INTO "lc_coded_items" VALUES(4,11,'location','old-town','Old town','["shop"]',1736943060000,1736943060000);
INSERT INTO "lc_coded_items" VALUES(4,12,'location','roastery','Roastery','["production"]',1736943120000,1736943120000);
INSERT INTO "lc_coded_items" VALUES(4,13,'category','tastings','Tastings and courses','["events"]',1736943180000,1768654800089);
INSERT INTO "lc_coded_items" VALUES(4,14,'category','charity','Charity','["giving"]',1736943240000,1736943240000);
INSERT INTO "lc_coded_items" VALUES(4,15,'category','seasonal','Of the season','["retail"]',1736943300000,1736943300000);
INSERT INTO "lc_coded_items" VALUES(4,16,'orderLocation','van','New','["b", "a"]',1768654800082,1768654800082);
INSERT INTO "lc_coded_items" VALUES(4,17,'productCategory','tea','New','["b", "a"]',1768654800084,1768654800084);
INSERT INTO "lc_coded_items" VALUES(4,18,'location','pier-4','New','["b", "a"]',1768654800086,1768654800086);
INSERT INTO "lc_coded_items" VALUES(4,19,'category','concerts','New','["b", "a"]',1768654800088,1768654800088);
CREATE TABLE lc_content_schema_versions (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	content_schema_id INTEGER NOT NULL, 
	schema TEXT NOT NULL, 
	CONSTRAINT pk_lc_content_schema_versions PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_content_schema_versions" VALUES(4,1,1,'{"type": "object", "properties": {"headline": {"type": "string"}}}');
INSERT INTO "lc_content_schema_versions" VALUES(4,2,2,'{"type": "object", "properties": {"title": {"type": "string"}, "seats": {"type": "integer"}}}');
INSERT INTO "lc_content_schema_versions" VALUES(4,3,1,'{"type": "object", "properties": {"headline": {"type": "string"}, "until": {"type": "string", "format": "date"}}}');
INSERT INTO "lc_content_schema_versions" VALUES(4,4,2,'{"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}, "seats": {"type": "integer"}}}');
CREATE TABLE lc_content_schemas (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	picture_url VARCHAR(2048), 
	type INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	version_id INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_content_schemas PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_content_schemas" VALUES(4,1,'Offer',NULL,NULL,1,1,3,1736942403000,1752710400000);
INSERT INTO "lc_content_schemas" VALUES(4,2,'Tasting',NULL,NULL,2,1,4,1736942403000,1752710400000);
CREATE TABLE lc_coupon_book_contents (
	tenant_id INTEGER NOT NULL, 
	book_id INTEGER NOT NULL, 
	locale VARCHAR(35) NOT NULL, 
	content JSON NOT NULL, 
	extra_fields JSON NOT NULL, 
	CONSTRAINT pk_lc_coupon_book_contents PRIMARY KEY (tenant_id, book_id, locale)
);
INSERT INTO "lc_coupon_book_contents" VALUES(4,1,'en','{"headline":"This one is on us"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,1,'it','{"headline":"Questa la offriamo noi"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,2,'en','{"text":"Half the price, while we are new."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,2,'it','{"text":"A metà prezzo, finché siamo nuovi."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,3,'en','{"text":"A cookie with your coffee."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,3,'it','{"text":"Un biscotto con il caffè."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,4,'en','{"title":"A tasting for two","seats":2}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,4,'it','{"title":"Una degustazione per due","seats":2}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,5,'en','{"text":"To be written."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(5,1,'en','{"text":"Take half a kilo, pay a quarter."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(5,1,'it','{"text":"Prendi mezzo chilo, ne paghi un quarto."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(5,2,'en','{"headline":"This one is on us"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(5,2,'it','{"headline":"Questa la offriamo noi"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,6,'en','{"headline": "Cool down with us"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,7,'it','{"a": 1}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,1,'de','{"headline": "Eiskalt erwischt"}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,9,'en','{"text": "Take half a kilo, pay a quarter."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(4,9,'it','{"text": "Prendi mezzo chilo, ne paghi un quarto."}','{}');
INSERT INTO "lc_coupon_book_contents" VALUES(5,3,'it','{"a": 1}','{}');
CREATE TABLE lc_coupon_book_labels (
	tenant_id INTEGER NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	label VARCHAR(255) NOT NULL, 
	book_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_coupon_book_labels PRIMARY KEY (tenant_id, kind, label, book_id)
);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','opening',2);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','bakery',3);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tier','mate',3);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tier','skipper',3);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tier','harbour-master',3);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','events',4);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'audience','tasting-guests',4);
INSERT INTO "lc_coupon_book_labels" VALUES(5,'tag','beans',1);
INSERT INTO "lc_coupon_book_labels" VALUES(5,'tag','drinks',2);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','summer',6);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tier','mate',6);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','drinks',1);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','drinks',5);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','seasonal',5);
INSERT INTO "lc_coupon_book_labels" VALUES(4,'tag','beans',9);
CREATE TABLE lc_coupon_book_offerings (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	partnership_id INTEGER NOT NULL, 
	is_ours BOOLEAN NOT NULL, 
	peer_id INTEGER, 
	organization_id INTEGER NOT NULL, 
	partner_organization_id INTEGER NOT NULL, 
	partner_name VARCHAR(255) NOT NULL, 
	offered_book_id INTEGER NOT NULL, 
	accepted_book_id INTEGER, 
	status VARCHAR(16) NOT NULL, 
	offered JSON NOT NULL, 
	accepted JSON, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_coupon_book_offerings PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_coupon_book_offerings" VALUES(4,1,1,0,1,2,1,'Harbour Coffee',1,9,'accepted','{"couponBookId":1,"organizationId":2,"name":"Half a kilo for the price of a quarter","description":null,"subtitle":"House beans","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":50,"discountType":"percentage","tags":["beans"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":1,"maxAssignedPerCoupon":1,"maxCouponCount":20,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"text":"Take half a kilo, pay a quarter."},"extraFields":{}},{"locale":"it","content":{"text":"Prendi mezzo chilo, ne paghi un quarto."},"extraFields":{}}]}','{"couponBookId": 9, "organizationId": 1, "name": "Half a kilo for the price of a quarter", "description": null, "subtitle": "House beans", "pictureUrl": "https://img.example.org/coupons/1.png", "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 50, "discountType": "percentage", "tags": ["beans"], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": 1, "maxAssignedPerCoupon": 1, "maxCouponCount": 20, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "en", "content": {"text": "Take half a kilo, pay a quarter."}, "extraFields": {}}, {"locale": "it", "content": {"text": "Prendi mezzo chilo, ne paghi un quarto."}, "extraFields": {}}]}',1768305600000,1768654800116);
INSERT INTO "lc_coupon_book_offerings" VALUES(4,2,1,1,NULL,1,2,'Old Town Roastery',1,2,'accepted','{"couponBookId":1,"organizationId":1,"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"headline":"This one is on us"},"extraFields":{}},{"locale":"it","content":{"headline":"Questa la offriamo noi"},"extraFields":{}}]}','{"couponBookId":2,"organizationId":2,"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"headline":"This one is on us"},"extraFields":{}},{"locale":"it","content":{"headline":"Questa la offriamo noi"},"extraFields":{}}]}',1767960000000,1768132800000);
INSERT INTO "lc_coupon_book_offerings" VALUES(5,1,1,1,NULL,2,1,'Harbour Coffee',1,9,'accepted','{"couponBookId":1,"organizationId":2,"name":"Half a kilo for the price of a quarter","description":null,"subtitle":"House beans","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":50,"discountType":"percentage","tags":["beans"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":1,"maxAssignedPerCoupon":1,"maxCouponCount":20,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"text":"Take half a kilo, pay a quarter."},"extraFields":{}},{"locale":"it","content":{"text":"Prendi mezzo chilo, ne paghi un quarto."},"extraFields":{}}]}','{"couponBookId": 9, "organizationId": 1, "name": "Half a kilo for the price of a quarter", "description": null, "subtitle": "House beans", "pictureUrl": "https://img.example.org/coupons/1.png", "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 50, "discountType": "percentage", "tags": ["beans"], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": 1, "maxAssignedPerCoupon": 1, "maxCouponCount": 20, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "en", "content": {"text": "Take half a kilo, pay a quarter."}, "extraFields": {}}, {"locale": "it", "content": {"text": "Prendi mezzo chilo, ne paghi un quarto."}, "extraFields": {}}]}',1768305600000,1768654800116);
INSERT INTO "lc_coupon_book_offerings" VALUES(5,2,1,0,2,1,2,'Old Town Roastery',1,2,'accepted','{"couponBookId":1,"organizationId":1,"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"headline":"This one is on us"},"extraFields":{}},{"locale":"it","content":{"headline":"Questa la offriamo noi"},"extraFields":{}}]}','{"couponBookId":2,"organizationId":2,"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"contents":[{"locale":"en","content":{"headline":"This one is on us"},"extraFields":{}},{"locale":"it","content":{"headline":"Questa la offriamo noi"},"extraFields":{}}]}',1767960000000,1768132800000);
INSERT INTO "lc_coupon_book_offerings" VALUES(4,3,1,1,NULL,1,2,'Old Town Roastery',7,NULL,'rejected','{"couponBookId": 7, "organizationId": 1, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}','null',1768654800117,1768654800118);
INSERT INTO "lc_coupon_book_offerings" VALUES(5,3,1,0,3,1,2,'Old Town Roastery',7,NULL,'rejected','{"couponBookId": 7, "organizationId": 1, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}','null',1768654800117,1768654800118);
INSERT INTO "lc_coupon_book_offerings" VALUES(4,4,1,1,NULL,1,2,'Old Town Roastery',7,3,'accepted','{"couponBookId": 7, "organizationId": 1, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}','{"couponBookId": 3, "organizationId": 2, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}',1768654800119,1768654800120);
INSERT INTO "lc_coupon_book_offerings" VALUES(5,4,1,0,4,1,2,'Old Town Roastery',7,3,'accepted','{"couponBookId": 7, "organizationId": 1, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}','{"couponBookId": 3, "organizationId": 2, "name": "Iced coffee", "description": null, "subtitle": null, "pictureUrl": null, "detailPictureUrl": null, "customAttributes": {}, "type": "product", "discountAmount": 2, "discountType": "fixed", "tags": [], "validFromDate": null, "validToDate": null, "maxAssignedPerMember": null, "maxAssignedPerCoupon": 1, "maxCouponCount": 3, "defaultLocale": "en", "assignmentRequiredPoints": 0, "usageRequiredPoints": 0, "contents": [{"locale": "it", "content": {"a": 1}, "extraFields": {}}]}',1768654800119,1768654800120);
CREATE TABLE lc_coupon_books (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_id INTEGER, 
	external_id VARCHAR(255), 
	ranking_index INTEGER, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	subtitle VARCHAR(1024), 
	picture_url VARCHAR(2048), 
	detail_picture_url VARCHAR(2048), 
	custom_attributes JSON NOT NULL, 
	condition TEXT, 
	type VARCHAR(255) NOT NULL, 
	discount INTEGER, 
	discount_type VARCHAR(255), 
	tags JSON NOT NULL, 
	tiers JSON NOT NULL, 
	audience_keys JSON NOT NULL, 
	publishing_status VARCHAR(16) NOT NULL, 
	valid_from_ms INTEGER, 
	valid_to_ms INTEGER, 
	max_per_member INTEGER, 
	max_per_coupon INTEGER, 
	max_coupons INTEGER, 
	default_locale VARCHAR(35) NOT NULL, 
	assignment_points INTEGER NOT NULL, 
	usage_points INTEGER NOT NULL, 
	ledger_id INTEGER, 
	account_id INTEGER, 
	content_schema_id INTEGER, 
	content_schema_version_id INTEGER, 
	search TEXT NOT NULL, 
	coupon_count INTEGER NOT NULL, 
	assigned INTEGER NOT NULL, 
	used INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_coupon_books PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_coupon_books" VALUES(4,1,1,NULL,1,'A cup on the house',NULL,'Any drink of the bar','https://img.example.org/coupons/1.png',NULL,'{}',NULL,'product',35000,'fixed','["drinks"]','[]','[]','published',NULL,NULL,NULL,1,NULL,'en',60,0,NULL,NULL,1,1,'a cup on the house
any drink of the bar
product
drinks',20,2,2,1736943060000,1768654800104);
INSERT INTO "lc_coupon_books" VALUES(4,2,1,NULL,NULL,'Opening week',NULL,NULL,'https://img.example.org/coupons/2.png',NULL,'{}',NULL,'product',500000,'percentage','["opening"]','[]','[]','archived',1736942400000,1741694400000,1,1,10,'en',0,0,NULL,NULL,NULL,NULL,'opening week
product
opening',10,8,4,1736943060000,1742126400000);
INSERT INTO "lc_coupon_books" VALUES(4,3,1,'cookie',2,'Cookies for mates',NULL,'Two of them','https://img.example.org/coupons/3.png',NULL,'{}',NULL,'product',20000,'fixed','["bakery"]','["mate","skipper","harbour-master"]','[]','published',NULL,NULL,1,NULL,NULL,'en',0,0,NULL,NULL,NULL,NULL,'cookies for mates
two of them
cookie
product
bakery',1,4,3,1739534400000,1739534400000);
INSERT INTO "lc_coupon_books" VALUES(4,4,1,NULL,3,'A tasting for two',NULL,NULL,'https://img.example.org/coupons/4.png',NULL,'{}',NULL,'event',NULL,NULL,'["events"]','[]','["tasting-guests"]','published',1754222400000,1773662400000,1,1,19,'en',0,0,NULL,NULL,2,4,'a tasting for two
event
events',19,19,10,1754226000000,1754226000000);
INSERT INTO "lc_coupon_books" VALUES(4,5,1,NULL,NULL,'Cold brew, next summer',NULL,NULL,'https://img.example.org/coupons/5.png',NULL,'{}','member.memberType == "customer"','product',10000,'fixed','["drinks","seasonal"]','[]','[]','archived',1778846400000,NULL,NULL,NULL,NULL,'en',0,0,NULL,NULL,NULL,NULL,'cold brew, next summer
product
drinks
seasonal',0,0,0,1767614400000,1768654800115);
INSERT INTO "lc_coupon_books" VALUES(5,1,1,NULL,NULL,'Half a kilo for the price of a quarter',NULL,'House beans','https://img.example.org/coupons/1.png',NULL,'{}',NULL,'product',500000,'percentage','["beans"]','[]','[]','published',NULL,NULL,1,1,20,'en',0,0,NULL,NULL,NULL,NULL,'half a kilo for the price of a quarter
house beans
product
beans',20,0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupon_books" VALUES(5,2,NULL,NULL,NULL,'A cup on the house',NULL,'Any drink of the bar','https://img.example.org/coupons/1.png',NULL,'{}',NULL,'product',35000,'fixed','["drinks"]','[]','[]','draft',NULL,NULL,NULL,1,NULL,'en',60,0,NULL,NULL,NULL,NULL,'a cup on the house
any drink of the bar
product
drinks',0,0,0,1768132800000,1768132800000);
INSERT INTO "lc_coupon_books" VALUES(4,6,1,'SUMMER-26',10,'Iced coffee','One iced coffee on the house.','All summer','https://img.example.org/coupons/iced.png',NULL,'{"till": 7}','member.profile.age >= 18','discount',25000,'fixed','["summer"]','["mate"]','[]','published',1767225600000,1790805599999,3,1,500,'en',100,0,NULL,NULL,NULL,NULL,'iced coffee
one iced coffee on the house.
all summer
summer-26
discount
summer',0,0,0,1768654800100,1768654800100);
INSERT INTO "lc_coupon_books" VALUES(4,7,NULL,NULL,NULL,'Iced coffee',NULL,NULL,NULL,NULL,'{}',NULL,'product',20000,'fixed','[]','[]','[]','published',NULL,NULL,NULL,1,3,'en',0,0,NULL,NULL,NULL,NULL,'iced coffee
product',3,2,2,1768654800101,1768654800103);
INSERT INTO "lc_coupon_books" VALUES(4,9,NULL,NULL,NULL,'Half a kilo for the price of a quarter',NULL,'House beans','https://img.example.org/coupons/1.png',NULL,'{}',NULL,'product',500000,'percentage','["beans"]','[]','[]','draft',NULL,NULL,1,1,20,'en',0,0,NULL,NULL,NULL,NULL,'half a kilo for the price of a quarter
house beans
product
beans',0,0,0,1768654800116,1768654800116);
INSERT INTO "lc_coupon_books" VALUES(5,3,NULL,NULL,NULL,'Iced coffee',NULL,NULL,NULL,NULL,'{}',NULL,'product',20000,'fixed','[]','[]','[]','draft',NULL,NULL,NULL,1,3,'en',0,0,NULL,NULL,NULL,NULL,'iced coffee
product',0,0,0,1768654800120,1768654800120);
CREATE TABLE lc_coupon_usages (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	book_id INTEGER NOT NULL, 
	coupon_id INTEGER NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	member_id INTEGER NOT NULL, 
	assignment_id INTEGER, 
	group_id INTEGER NOT NULL, 
	amount_assigned INTEGER NOT NULL, 
	amount_used INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	transaction_id INTEGER, 
	discount INTEGER, 
	discount_type VARCHAR(255), 
	expires_ms INTEGER, 
	unique_key VARCHAR(255), 
	fingerprint VARCHAR(64), 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	reverted_ms INTEGER, 
	CONSTRAINT pk_lc_coupon_usages PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_coupon_usages_tenant_id_unique_key UNIQUE (tenant_id, unique_key)
);
INSERT INTO "lc_coupon_usages" VALUES(4,1,'assignment','assigned',2,21,'OPEN-01',1,NULL,1,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1738352063285,1738352063285,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,2,'assignment','used',2,22,'OPEN-02',2,NULL,2,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1738573781009,1738584050447,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,3,'use','used',2,22,'OPEN-02',2,2,3,0,1,0,NULL,500000,'percentage',NULL,NULL,NULL,'{}',1738584050447,1738584050447,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,4,'assignment','assigned',2,23,'OPEN-03',3,NULL,4,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1738607960809,1738607960809,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,5,'assignment','used',2,24,'OPEN-04',4,NULL,5,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1738747273255,1739061712669,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,6,'use','used',2,24,'OPEN-04',4,5,6,0,1,0,NULL,500000,'percentage',NULL,NULL,NULL,'{}',1739061712669,1739061712669,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,7,'assignment','assigned',2,25,'OPEN-05',5,NULL,7,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1739462588187,1739462588187,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,8,'assignment','used',2,26,'OPEN-06',6,NULL,8,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1739824603700,1740069768853,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,9,'use','used',2,26,'OPEN-06',6,8,9,0,1,0,NULL,500000,'percentage',NULL,NULL,NULL,'{}',1740069768853,1740069768853,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,10,'assignment','assigned',2,27,'OPEN-07',7,NULL,10,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1740149642257,1740149642257,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,11,'assignment','used',2,28,'OPEN-08',8,NULL,11,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1740800715840,1740951202443,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,12,'use','used',2,28,'OPEN-08',8,11,12,0,1,0,NULL,500000,'percentage',NULL,NULL,NULL,'{}',1740951202443,1740951202443,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,13,'assignment','used',1,1,'CUP-0001',13,NULL,13,1,1,60,29,NULL,NULL,1755260074505,NULL,NULL,'{}',1752668074505,1753852991896,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,14,'use','used',1,1,'CUP-0001',13,13,14,0,1,0,NULL,35000,'fixed',1755260074505,NULL,NULL,'{}',1753852991896,1753852991896,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,15,'assignment','used',4,32,'TASTING-01',1,NULL,15,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1755241746526,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,16,'assignment','assigned',4,33,'TASTING-02',2,NULL,16,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,17,'assignment','used',4,34,'TASTING-03',3,NULL,17,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1755280563446,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,18,'assignment','assigned',4,35,'TASTING-04',4,NULL,18,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,19,'assignment','used',4,36,'TASTING-05',5,NULL,19,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1758213406902,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,20,'assignment','assigned',4,37,'TASTING-06',6,NULL,20,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,21,'assignment','used',4,38,'TASTING-07',7,NULL,21,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1761271326135,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,22,'assignment','assigned',4,39,'TASTING-08',8,NULL,22,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,23,'assignment','used',4,40,'TASTING-09',9,NULL,23,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754398280122,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,24,'assignment','assigned',4,41,'TASTING-10',10,NULL,24,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,25,'assignment','used',4,42,'TASTING-11',11,NULL,25,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1759679269773,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,26,'assignment','assigned',4,43,'TASTING-12',12,NULL,26,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,27,'assignment','used',4,44,'TASTING-13',13,NULL,27,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1756217893538,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,28,'assignment','assigned',4,45,'TASTING-14',14,NULL,28,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,29,'assignment','used',4,46,'TASTING-15',15,NULL,29,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1755131483519,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,30,'assignment','assigned',4,47,'TASTING-16',16,NULL,30,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,31,'assignment','used',4,48,'TASTING-17',17,NULL,31,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1757821288806,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,32,'assignment','assigned',4,49,'TASTING-18',18,NULL,32,1,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1754226000000,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,33,'assignment','used',4,50,'TASTING-19',19,NULL,33,1,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754226000000,1757307091879,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,34,'use','used',4,40,'TASTING-09',9,23,34,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1754398280122,1754398280122,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,35,'use','used',4,46,'TASTING-15',15,29,35,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1755131483519,1755131483519,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,36,'use','used',4,32,'TASTING-01',1,15,36,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1755241746526,1755241746526,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,37,'use','used',4,34,'TASTING-03',3,17,37,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1755280563446,1755280563446,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,38,'use','used',4,44,'TASTING-13',13,27,38,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1756217893538,1756217893538,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,39,'use','used',4,50,'TASTING-19',19,33,39,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1757307091879,1757307091879,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,40,'use','used',4,48,'TASTING-17',17,31,40,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1757821288806,1757821288806,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,41,'use','used',4,36,'TASTING-05',5,19,41,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1758213406902,1758213406902,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,42,'use','used',4,42,'TASTING-11',11,25,42,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1759679269773,1759679269773,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,43,'use','used',4,38,'TASTING-07',7,21,43,0,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1761271326135,1761271326135,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,44,'assignment','used',3,31,'COOKIE',35,NULL,44,2,2,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1762498666256,1765351079613,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,45,'use','used',3,31,'COOKIE',35,44,45,0,1,0,NULL,20000,'fixed',NULL,NULL,NULL,'{}',1762578560210,1762578560210,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,46,'use','used',3,31,'COOKIE',35,44,46,0,1,0,NULL,20000,'fixed',NULL,NULL,NULL,'{}',1765351079613,1765351079613,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,47,'assignment','assigned',3,31,'COOKIE',42,NULL,47,2,1,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1766503705183,1767367705183,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,48,'assignment','assigned',3,31,'COOKIE',33,NULL,48,2,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1767011199448,1767011199448,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,49,'use','used',3,31,'COOKIE',42,47,49,0,1,0,NULL,20000,'fixed',NULL,NULL,NULL,'{}',1767367705183,1767367705183,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,50,'assignment','assigned',3,31,'COOKIE',2,NULL,50,2,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'{}',1767748922615,1767748922615,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,51,'assignment','used',7,53,'ICED-007A',42,NULL,51,1,1,0,NULL,NULL,NULL,NULL,'till-3-000901','dda62b8028323f668d05f2f8a225749e67d43ca97a33d661e131d66a19dc8a00','{"till": 3}',1768654800106,1768654800107,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,52,'use','used',7,53,'ICED-007A',42,51,52,0,1,0,NULL,20000,'fixed',NULL,'till-3-000902','1b0e143c47712a9e152d14bb119578f31d20fee2de13a7679fd5041196147341','{"till": 3}',1768654800107,1768654800107,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,53,'assignment','used',7,51,'ICE-1',42,NULL,53,1,1,0,NULL,NULL,NULL,1798675200000,'ice-for-ana','71e6b03ea369c875f990aa0731fa6fe3a135a2abe9071a2a5203470d03d5ff3d','{}',1768654800108,1768654800112,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,54,'use','reverted',7,51,'ICE-1',42,53,54,0,1,0,NULL,20000,'fixed',1798675200000,NULL,NULL,'{}',1768654800110,1768654800111,1768654800111);
INSERT INTO "lc_coupon_usages" VALUES(4,55,'use','used',7,51,'ICE-1',42,53,55,0,1,0,NULL,20000,'fixed',1798675200000,NULL,NULL,'{}',1768654800112,1768654800112,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,56,'assignment','used',1,2,'CUP-0002',42,NULL,56,1,1,60,93,NULL,NULL,NULL,NULL,NULL,'{}',1768654800113,1768654800114,NULL);
INSERT INTO "lc_coupon_usages" VALUES(4,57,'use','used',1,2,'CUP-0002',42,56,57,0,1,0,NULL,35000,'fixed',NULL,NULL,NULL,'{}',1768654800114,1768654800114,NULL);
CREATE TABLE lc_coupons (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	book_id INTEGER NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	assigned INTEGER NOT NULL, 
	used INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_coupons PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_coupons_tenant_id_book_id_code UNIQUE (tenant_id, book_id, code)
);
INSERT INTO "lc_coupons" VALUES(4,1,1,'CUP-0001',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,2,1,'CUP-0002',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,3,1,'CUP-0003',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,4,1,'CUP-0004',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,5,1,'CUP-0005',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,6,1,'CUP-0006',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,7,1,'CUP-0007',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,8,1,'CUP-0008',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,9,1,'CUP-0009',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,10,1,'CUP-0010',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,11,1,'CUP-0011',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,12,1,'CUP-0012',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,13,1,'CUP-0013',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,14,1,'CUP-0014',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,15,1,'CUP-0015',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,16,1,'CUP-0016',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,17,1,'CUP-0017',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,18,1,'CUP-0018',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,19,1,'CUP-0019',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,20,1,'CUP-0020',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,21,2,'OPEN-01',1,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,22,2,'OPEN-02',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,23,2,'OPEN-03',1,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,24,2,'OPEN-04',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,25,2,'OPEN-05',1,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,26,2,'OPEN-06',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,27,2,'OPEN-07',1,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,28,2,'OPEN-08',1,1,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,29,2,'OPEN-09',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,30,2,'OPEN-10',0,0,1736943060000,1736943060000);
INSERT INTO "lc_coupons" VALUES(4,31,3,'COOKIE',4,3,1739534400000,1739534400000);
INSERT INTO "lc_coupons" VALUES(4,32,4,'TASTING-01',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,33,4,'TASTING-02',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,34,4,'TASTING-03',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,35,4,'TASTING-04',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,36,4,'TASTING-05',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,37,4,'TASTING-06',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,38,4,'TASTING-07',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,39,4,'TASTING-08',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,40,4,'TASTING-09',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,41,4,'TASTING-10',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,42,4,'TASTING-11',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,43,4,'TASTING-12',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,44,4,'TASTING-13',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,45,4,'TASTING-14',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,46,4,'TASTING-15',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,47,4,'TASTING-16',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,48,4,'TASTING-17',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,49,4,'TASTING-18',1,0,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(4,50,4,'TASTING-19',1,1,1754226000000,1754226000000);
INSERT INTO "lc_coupons" VALUES(5,1,1,'BEANS-01',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,2,1,'BEANS-02',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,3,1,'BEANS-03',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,4,1,'BEANS-04',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,5,1,'BEANS-05',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,6,1,'BEANS-06',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,7,1,'BEANS-07',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,8,1,'BEANS-08',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,9,1,'BEANS-09',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,10,1,'BEANS-10',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,11,1,'BEANS-11',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,12,1,'BEANS-12',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,13,1,'BEANS-13',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,14,1,'BEANS-14',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,15,1,'BEANS-15',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,16,1,'BEANS-16',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,17,1,'BEANS-17',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,18,1,'BEANS-18',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,19,1,'BEANS-19',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(5,20,1,'BEANS-20',0,0,1765886400000,1765886400000);
INSERT INTO "lc_coupons" VALUES(4,51,7,'ICE-1',1,1,1768654800102,1768654800102);
INSERT INTO "lc_coupons" VALUES(4,52,7,'ICE-2',0,0,1768654800102,1768654800102);
INSERT INTO "lc_coupons" VALUES(4,53,7,'ICED-007A',1,1,1768654800102,1768654800105);
CREATE TABLE lc_crossings (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	sender_tenant_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	payload JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_crossings PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_crossings" VALUES(4,1,5,'kept','{}',1768478400000);
CREATE TABLE lc_enrolments (
	tenant_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	program_id INTEGER NOT NULL, 
	tier_id INTEGER, 
	manual BOOLEAN NOT NULL, 
	tier_expires_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_enrolments PRIMARY KEY (tenant_id, member_id, program_id)
);
INSERT INTO "lc_enrolments" VALUES(4,1,1,1,0,NULL,1738352063285);
INSERT INTO "lc_enrolments" VALUES(4,2,1,2,0,NULL,1738573781009);
INSERT INTO "lc_enrolments" VALUES(4,3,1,1,0,NULL,1738607960809);
INSERT INTO "lc_enrolments" VALUES(4,4,1,1,0,NULL,1738747273255);
INSERT INTO "lc_enrolments" VALUES(4,5,1,1,0,NULL,1739462588187);
INSERT INTO "lc_enrolments" VALUES(4,6,1,1,0,NULL,1739824603700);
INSERT INTO "lc_enrolments" VALUES(4,7,1,1,0,NULL,1740149642257);
INSERT INTO "lc_enrolments" VALUES(4,8,1,1,0,NULL,1740800715840);
INSERT INTO "lc_enrolments" VALUES(4,9,1,1,0,NULL,1741653225582);
INSERT INTO "lc_enrolments" VALUES(4,1,2,5,0,NULL,1741724572751);
INSERT INTO "lc_enrolments" VALUES(4,10,1,1,0,NULL,1742581901056);
INSERT INTO "lc_enrolments" VALUES(4,11,1,1,0,NULL,1742659335454);
INSERT INTO "lc_enrolments" VALUES(4,10,2,5,0,NULL,1742817745431);
INSERT INTO "lc_enrolments" VALUES(4,12,1,1,0,NULL,1744038526045);
INSERT INTO "lc_enrolments" VALUES(4,13,1,1,0,NULL,1745749438091);
INSERT INTO "lc_enrolments" VALUES(4,14,1,1,0,NULL,1745819948744);
INSERT INTO "lc_enrolments" VALUES(4,4,2,5,0,NULL,1747421523428);
INSERT INTO "lc_enrolments" VALUES(4,13,2,5,0,NULL,1747589888151);
INSERT INTO "lc_enrolments" VALUES(4,15,1,1,0,NULL,1747591106181);
INSERT INTO "lc_enrolments" VALUES(4,16,1,1,0,NULL,1748177306369);
INSERT INTO "lc_enrolments" VALUES(4,17,1,1,0,NULL,1749267224808);
INSERT INTO "lc_enrolments" VALUES(4,18,1,1,0,NULL,1749272439091);
INSERT INTO "lc_enrolments" VALUES(4,19,1,1,0,NULL,1749897124875);
INSERT INTO "lc_enrolments" VALUES(4,20,1,1,0,NULL,1750230389803);
INSERT INTO "lc_enrolments" VALUES(4,21,1,1,0,NULL,1750931966765);
INSERT INTO "lc_enrolments" VALUES(4,22,1,1,0,NULL,1751268434207);
INSERT INTO "lc_enrolments" VALUES(4,23,1,1,0,NULL,1751857518810);
INSERT INTO "lc_enrolments" VALUES(4,24,1,1,0,NULL,1752326980182);
INSERT INTO "lc_enrolments" VALUES(4,25,1,1,0,NULL,1752787787563);
INSERT INTO "lc_enrolments" VALUES(4,26,1,1,0,NULL,1752867109662);
INSERT INTO "lc_enrolments" VALUES(4,27,1,1,0,NULL,1755992702977);
INSERT INTO "lc_enrolments" VALUES(4,28,1,1,0,NULL,1756026261922);
INSERT INTO "lc_enrolments" VALUES(4,29,1,1,0,NULL,1756762072663);
INSERT INTO "lc_enrolments" VALUES(4,7,2,5,0,NULL,1757269095036);
INSERT INTO "lc_enrolments" VALUES(4,25,2,5,0,NULL,1757371798124);
INSERT INTO "lc_enrolments" VALUES(4,30,1,1,0,NULL,1757783623488);
INSERT INTO "lc_enrolments" VALUES(4,31,1,1,0,NULL,1758078816130);
INSERT INTO "lc_enrolments" VALUES(4,32,1,1,0,NULL,1758270750918);
INSERT INTO "lc_enrolments" VALUES(4,19,2,5,0,NULL,1759851428365);
INSERT INTO "lc_enrolments" VALUES(4,33,1,2,0,NULL,1760604335548);
INSERT INTO "lc_enrolments" VALUES(4,34,1,1,0,NULL,1760761006434);
INSERT INTO "lc_enrolments" VALUES(4,35,1,3,1,1774094400000,1761380236158);
INSERT INTO "lc_enrolments" VALUES(4,36,1,1,0,NULL,1761624145379);
INSERT INTO "lc_enrolments" VALUES(4,37,1,1,0,NULL,1762019586285);
INSERT INTO "lc_enrolments" VALUES(4,38,1,1,0,NULL,1762877958028);
INSERT INTO "lc_enrolments" VALUES(4,31,2,5,0,NULL,1764202030570);
INSERT INTO "lc_enrolments" VALUES(4,39,1,1,0,NULL,1764501547487);
INSERT INTO "lc_enrolments" VALUES(4,40,1,1,0,NULL,1764756059653);
INSERT INTO "lc_enrolments" VALUES(4,41,1,1,0,NULL,1764969978529);
INSERT INTO "lc_enrolments" VALUES(4,42,1,2,1,1800014400000,1765043241973);
INSERT INTO "lc_enrolments" VALUES(4,43,1,1,0,NULL,1767069392038);
INSERT INTO "lc_enrolments" VALUES(4,44,1,1,0,NULL,1767686069763);
INSERT INTO "lc_enrolments" VALUES(5,1,1,1,0,NULL,1763006400000);
INSERT INTO "lc_enrolments" VALUES(5,2,1,1,0,NULL,1765310400000);
INSERT INTO "lc_enrolments" VALUES(5,3,1,1,0,NULL,1767614400000);
INSERT INTO "lc_enrolments" VALUES(4,45,1,1,0,NULL,1768654800094);
INSERT INTO "lc_enrolments" VALUES(4,46,1,1,0,NULL,1768654800095);
INSERT INTO "lc_enrolments" VALUES(4,47,1,1,0,NULL,1768654800096);
INSERT INTO "lc_enrolments" VALUES(4,48,1,1,0,NULL,1768654800097);
CREATE TABLE lc_event_triggers (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	url VARCHAR(2048) NOT NULL, 
	event_types JSON NOT NULL, 
	headers JSON NOT NULL, 
	sealed BLOB NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_event_triggers PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_event_triggers" VALUES(4,1,'WebHook','Orders to the till',1,'https://till.example.org/hooks/loyalty','["member-purchase-order-confirmed", "app-review"]','{"X-Shop": "pier-3"}',X'F18A3D3BB3C1BD4B722346D952604CD19BE17076A46F502114763945A04C464E30BCF027ACD38030021288E2448D14738645CF58939D4CCDE3E81E5998E1F21E8E4DAE736A03E24C6FAD',1768478400000,1768914000133);
INSERT INTO "lc_event_triggers" VALUES(4,2,'WebHook','Own inbox',1,'http://localhost:8080/_troth/inbox/own','["app-review", "badge-minted"]','{"X-Shop": "pier"}',X'336B313ABC1C4BE4EC28873F58F036AA2D92AC6EC975561AFDA76F26C1913FD32C01877017FE048B53F2B2617E154599E98D65B3BB46F7AF5ED3330A1226CBFE4301',1768914000131,1768914000131);
INSERT INTO "lc_event_triggers" VALUES(4,3,'WebHook','Orders to the till',1,'https://till.example.org/hooks/loyalty','["member-purchase-order-confirmed", "app-review"]','{"X-Shop": "pier-3"}',X'2EDBDEA8B7A5B7DE41819E3A6890FAEEAA0AF901BFF8F2DA9660940EFBF71FF72A51B081276B5004CFCE7AC79920A07DE17BCC2BBC54CA14E71F5D0B52CBDD557F30',1768914000132,1768914000132);
CREATE TABLE lc_event_types (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	api_code VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	active BOOLEAN NOT NULL, 
	schema_type VARCHAR(8) NOT NULL, 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_event_types PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_event_types_tenant_id_api_code UNIQUE (tenant_id, api_code)
);
INSERT INTO "lc_event_types" VALUES(4,1,'tasting-attended','Came to a tasting','With how many seats.',1,'custom','{}',1736942760000,1736942760000);
INSERT INTO "lc_event_types" VALUES(4,2,'coffee-reviewed','Reviewed a coffee','The stars, 1 to 5.',1,'number','{}',1736942760000,1736942760000);
INSERT INTO "lc_event_types" VALUES(4,3,'member-created','Joined the club',NULL,1,'builtin','{}',1736942760000,1736942760000);
INSERT INTO "lc_event_types" VALUES(4,4,'app-review','App review','Once more.',1,'custom','{"owner": "app team"}',1768914000128,1768914000129);
INSERT INTO "lc_event_types" VALUES(4,5,'anniversary','Anniversary',NULL,1,'custom','{}',1768914000130,1768914000130);
CREATE TABLE lc_events (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	member_id INTEGER, 
	type VARCHAR(64) NOT NULL, 
	topic VARCHAR(255) NOT NULL, 
	status VARCHAR(8) NOT NULL, 
	chain JSON NOT NULL, 
	root_id INTEGER, 
	data JSON NOT NULL, 
	effects JSON NOT NULL, 
	rule_errors JSON NOT NULL, 
	error VARCHAR(1024), 
	unique_key VARCHAR(255), 
	fingerprint VARCHAR(64), 
	external_id VARCHAR(255), 
	external_ms INTEGER, 
	description TEXT, 
	tags JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, used_steps INTEGER, used_effects INTEGER, used_events INTEGER, 
	CONSTRAINT pk_lc_events PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_events_tenant_id_unique_key UNIQUE (tenant_id, unique_key)
);
INSERT INTO "lc_events" VALUES(4,290,43,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"HC-000043","publicLoyaltyMemberId":"CARD-8043","memberType":"staff","walletId":143,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767069392038,1767069392038,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,291,43,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"HC-000043","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767069392038,1767069392038,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,292,42,'member-generic-event','coffee-reviewed','success','[]',NULL,'{"payload":{"value":5},"externalId":null,"description":null}','[]','[]',NULL,'coffee-reviewed-00016','2919cc35cf34e2b3232e8e1d01a6047f4001d528c64cb97bbb0f638738bb5006',NULL,NULL,NULL,'[]',1767104336789,1767104336789,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,293,22,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"79","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":625,"capturedAmount":625,"fromWalletId":null,"toWalletId":122,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":"pos-4-000079","externalId":"till-4-000079","externalEventDate":"2025-12-30T14:53:33.407Z","description":null,"tags":["till"],"createdAt":"2025-12-30T14:55:33.407Z","updatedAt":"2025-12-30T14:55:33.407Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767106533407,1767106533407,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,294,22,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"80","organizationId":1,"ledgerId":1,"ledgerAccountId":2,"type":"mint","status":"posted","amount":625,"capturedAmount":625,"fromWalletId":null,"toWalletId":122,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":"till-4-000079","externalEventDate":"2025-12-30T14:53:33.407Z","description":null,"tags":[],"createdAt":"2025-12-30T14:55:33.407Z","updatedAt":"2025-12-30T14:55:33.407Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767106533407,1767106533407,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,295,1,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"81","organizationId":1,"ledgerId":2,"ledgerAccountId":3,"type":"mint","status":"posted","amount":3,"capturedAmount":3,"fromWalletId":null,"toWalletId":101,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":null,"tags":["counter"],"createdAt":"2026-01-01T07:23:47.286Z","updatedAt":"2026-01-01T07:23:47.286Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767252227286,1767252227286,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,296,4,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"82","organizationId":1,"ledgerId":2,"ledgerAccountId":3,"type":"mint","status":"posted","amount":1,"capturedAmount":1,"fromWalletId":null,"toWalletId":104,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":null,"tags":["counter"],"createdAt":"2026-01-01T22:18:56.207Z","updatedAt":"2026-01-01T22:18:56.207Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767305936207,1767305936207,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,297,42,'coupon-code-used','','success','[]',NULL,'{"couponUsageId":49,"organizationId":1,"type":"use","status":"used","couponBookId":3,"couponId":31,"couponCode":"COOKIE","memberId":42,"assignmentCouponUsageId":47,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-02T15:28:25.183Z","updatedAt":"2026-01-02T15:28:25.183Z","revertedAt":null}','[{"effectId":"increment-mission","source":"mission","sourceId":3,"actionId":null,"data":{"missionId":3,"amount":1,"achieved":0,"counterCount":1,"timesAchieved":0}}]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767367705183,1767367705183,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,298,42,'benefit-used','','success','[]',NULL,'{"couponUsage":{"couponUsageId":49,"organizationId":1,"type":"use","status":"used","couponBookId":3,"couponId":31,"couponCode":"COOKIE","memberId":42,"assignmentCouponUsageId":47,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-02T15:28:25.183Z","updatedAt":"2026-01-02T15:28:25.183Z","revertedAt":null},"couponBook":{"name":"Cookies for mates","description":null,"subtitle":"Two of them","pictureUrl":"https://img.example.org/coupons/3.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":["bakery"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":1,"maxAssignedPerCoupon":null,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"couponBookId":3,"organizationId":1,"loyaltyProgramId":1,"externalId":"cookie","rankingIndex":2,"audienceKeys":[],"condition":{},"tiers":["mate","skipper","harbour-master"],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{"text":"A cookie with your coffee."},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"createdAt":"2025-02-14T12:00:00.000Z","updatedAt":"2025-02-14T12:00:00.000Z","couponCount":1,"assignedCount":3,"usedCount":3}}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767367705183,1767367705183,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,299,42,'member-purchase-order-confirmed','','success','[]',NULL,'{"order":{"orderId":18,"organizationId":1,"memberId":42,"loyaltyProgramId":1,"externalId":"receipt-20018","externalEventDate":"2026-01-03T13:42:12.591Z","description":null,"type":"online","status":"confirmed","total":20,"discountedTotal":null,"items":[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"dripper","name":"A dripper and papers","productCategoryCode":"brewing-gear","quantity":1,"price":13.0}],"tags":["online"],"customAttributes":{"locationCode":"app"},"createdAt":"2026-01-03T13:44:12.591Z","updatedAt":"2026-01-03T13:44:12.591Z"}}','[{"effectId":"mint-points","source":"campaign","sourceId":1,"actionId":null,"data":{"amount":200,"ledgerTransactionId":"83","ledgerId":1,"ledgerAccountId":1,"requestedAmount":200,"limitReached":false}},{"effectId":"mint-points","source":"campaign","sourceId":2,"actionId":null,"data":{"amount":200,"ledgerTransactionId":"84","ledgerId":1,"ledgerAccountId":2,"requestedAmount":200,"limitReached":false}},{"effectId":"increment-mission","source":"mission","sourceId":1,"actionId":null,"data":{"missionId":1,"amount":1,"achieved":0,"counterCount":3,"timesAchieved":0}}]','[]',NULL,NULL,NULL,'receipt-20018',1767447732591,NULL,'["online"]',1767447852591,1767447852591,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,300,42,'ledger-transaction-created','','success','["purchase-order/18","campaign/1"]',299,'{"ledgerTransactionId":"83","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":200,"capturedAmount":200,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":"campaign/points-for-coffee","externalEventDate":null,"description":null,"tags":[],"createdAt":"2026-01-03T13:44:12.591Z","updatedAt":"2026-01-03T13:44:12.591Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767447852591,1767447852591,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,301,42,'ledger-transaction-created','','success','["purchase-order/18","campaign/2"]',299,'{"ledgerTransactionId":"84","organizationId":1,"ledgerId":1,"ledgerAccountId":2,"type":"mint","status":"posted","amount":200,"capturedAmount":200,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":"campaign/status-for-coffee","externalEventDate":null,"description":null,"tags":[],"createdAt":"2026-01-03T13:44:12.591Z","updatedAt":"2026-01-03T13:44:12.591Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767447852591,1767447852591,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,302,2,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"85","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":773,"capturedAmount":773,"fromWalletId":null,"toWalletId":102,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":"pos-2-000085","externalId":"till-2-000085","externalEventDate":"2026-01-06T01:20:02.615Z","description":null,"tags":["till"],"createdAt":"2026-01-06T01:22:02.615Z","updatedAt":"2026-01-06T01:22:02.615Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767662522615,1767662522615,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,303,2,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"86","organizationId":1,"ledgerId":1,"ledgerAccountId":2,"type":"mint","status":"posted","amount":773,"capturedAmount":773,"fromWalletId":null,"toWalletId":102,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":"till-2-000085","externalEventDate":"2026-01-06T01:20:02.615Z","description":null,"tags":[],"createdAt":"2026-01-06T01:22:02.615Z","updatedAt":"2026-01-06T01:22:02.615Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767662522615,1767662522615,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,304,2,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"HC-000002","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":1,"previousLoyaltyTierKey":"member","loyaltyTierId":2,"loyaltyTierKey":"mate","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767662522615,1767662522615,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,305,44,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"HC-000044","publicLoyaltyMemberId":null,"memberType":"customer","walletId":144,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767686069763,1767686069763,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,306,44,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"HC-000044","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767686069763,1767686069763,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,307,2,'coupon-code-assigned','','success','[]',NULL,'{"couponUsageId":50,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":3,"couponId":31,"couponCode":"COOKIE","memberId":2,"assignmentCouponUsageId":null,"amountAssigned":2,"amountUsed":0,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-07T01:22:02.615Z","updatedAt":"2026-01-07T01:22:02.615Z","revertedAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767748922615,1767748922615,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,308,42,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"87","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"burn","status":"posted","amount":180,"capturedAmount":180,"fromWalletId":142,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"A bag of beans","tags":[],"createdAt":"2026-01-07T13:09:28.394Z","updatedAt":"2026-01-07T13:09:28.394Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767791368394,1767791368394,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,309,7,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"88","organizationId":1,"ledgerId":2,"ledgerAccountId":3,"type":"expiry","status":"posted","amount":3,"capturedAmount":3,"fromWalletId":107,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":null,"tags":[],"createdAt":"2026-01-07T18:18:15.036Z","updatedAt":"2026-01-07T18:18:15.036Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767809895036,1767809895036,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,310,25,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"89","organizationId":1,"ledgerId":2,"ledgerAccountId":3,"type":"expiry","status":"posted","amount":3,"capturedAmount":3,"fromWalletId":125,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":null,"tags":[],"createdAt":"2026-01-08T22:49:58.124Z","updatedAt":"2026-01-08T22:49:58.124Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767912598124,1767912598124,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,311,42,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"HC-000042","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":2,"previousLoyaltyTierKey":"mate","loyaltyTierId":2,"loyaltyTierKey":"mate","expiresAt":"2027-01-15T12:00:00.000Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768134884197,1768134884197,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,312,42,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"90","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"burn","status":"pending","amount":180,"capturedAmount":null,"fromWalletId":142,"toWalletId":null,"captureMethod":"manual","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"A bag of beans","tags":[],"createdAt":"2026-01-15T10:00:00.000Z","updatedAt":"2026-01-15T10:00:00.000Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768471200000,1768471200000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,1,1,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"RF-0001","publicLoyaltyMemberId":null,"memberType":"customer","walletId":101,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1763006400000,1763006400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,2,1,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"RF-0001","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1763006400000,1763006400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,3,1,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"1","organizationId":2,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":2,"capturedAmount":2,"fromWalletId":null,"toWalletId":101,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":"sale-0001","externalId":null,"externalEventDate":null,"description":"Bags so far","tags":["shop"],"createdAt":"2025-11-13T05:00:00.000Z","updatedAt":"2025-11-13T05:00:00.000Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1763010000000,1763010000000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,4,2,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"RF-0002","publicLoyaltyMemberId":null,"memberType":"customer","walletId":102,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1765310400000,1765310400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,5,2,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"RF-0002","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1765310400000,1765310400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,6,2,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"2","organizationId":2,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":3,"capturedAmount":3,"fromWalletId":null,"toWalletId":102,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":"sale-0002","externalId":null,"externalEventDate":null,"description":"Bags so far","tags":["shop"],"createdAt":"2025-12-09T21:00:00.000Z","updatedAt":"2025-12-09T21:00:00.000Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1765314000000,1765314000000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,7,3,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"RF-0003","publicLoyaltyMemberId":null,"memberType":"customer","walletId":103,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767614400000,1767614400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,8,3,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"RF-0003","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767614400000,1767614400000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(5,9,3,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"3","organizationId":2,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":4,"capturedAmount":4,"fromWalletId":null,"toWalletId":103,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":"sale-0003","externalId":null,"externalEventDate":null,"description":"Bags so far","tags":["shop"],"createdAt":"2026-01-05T13:00:00.000Z","updatedAt":"2026-01-05T13:00:00.000Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1767618000000,1767618000000,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,313,45,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"new-0","publicLoyaltyMemberId":null,"memberType":null,"walletId":145,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800094,1768654800094,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,314,45,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"new-0","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800094,1768654800094,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,315,46,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"new-1","publicLoyaltyMemberId":null,"memberType":null,"walletId":146,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800095,1768654800095,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,316,46,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"new-1","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800095,1768654800095,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,317,47,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"new-2","publicLoyaltyMemberId":null,"memberType":null,"walletId":147,"active":true,"referralCode":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800096,1768654800096,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,318,47,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"new-2","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800096,1768654800096,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,319,48,'member-created','','success','[]',NULL,'{"loyaltyMemberId":"by-code","publicLoyaltyMemberId":null,"memberType":"customer","walletId":148,"active":true,"referralCode":"ANA-STONE"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800097,1768654800097,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,320,48,'member-tier-set','','success','[]',NULL,'{"loyaltyMemberId":"by-code","loyaltyProgramId":1,"loyaltyProgramKey":"main","previousLoyaltyTierId":null,"previousLoyaltyTierKey":null,"loyaltyTierId":1,"loyaltyTierKey":"member","expiresAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800097,1768654800097,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,323,42,'member-updated','','success','[]',NULL,'{"loyaltyMemberId":"HC-000042","publicLoyaltyMemberId":"CARD-7731","memberType":"customer","walletId":142,"active":true,"referralCode":"BEN-FIELD","changed":["profile"],"updateReason":"Asked for at the counter"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800098,1768654800098,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,324,42,'member-updated','','success','[]',NULL,'{"loyaltyMemberId":"HC-000042","publicLoyaltyMemberId":"CARD-7731","memberType":"customer","walletId":142,"active":true,"referralCode":"BEN-FIELD","changed":["customAttributes"],"updateReason":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800099,1768654800099,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,325,42,'coupon-code-assigned','','success','[]',NULL,'{"couponUsageId":51,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000901","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.106Z","updatedAt":"2026-01-17T13:00:00.106Z","revertedAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800106,1768654800106,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,326,42,'coupon-code-used','','success','[]',NULL,'{"couponUsageId":52,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":51,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000902","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z","revertedAt":null}','[{"effectId": "increment-mission", "source": "mission", "sourceId": 3, "actionId": null, "data": {"missionId": 3, "amount": 1, "achieved": 1, "counterCount": 2, "timesAchieved": 1}}, {"effectId": "mint-points", "source": "mission", "sourceId": 3, "actionId": null, "data": {"missionId": 3, "amount": 30}}]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800107,1768654800107,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,327,42,'benefit-used','','success','[]',NULL,'{"couponUsage":{"couponUsageId":52,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":53,"couponCode":"ICED-007A","memberId":42,"assignmentCouponUsageId":51,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":"till-3-000902","customAttributes":{"till":3},"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":1,"usedCount":1,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800107,1768654800107,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,328,42,'ledger-transaction-created','','success','["mission/3"]',326,'{"ledgerTransactionId":"91","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":30,"capturedAmount":30,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission coupon-fan","tags":[],"createdAt":"2026-01-17T13:00:00.107Z","updatedAt":"2026-01-17T13:00:00.107Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800107,1768654800107,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,329,42,'mission-status-updated','','success','["mission/3"]',326,'{"missionId":3,"missionKey":"coupon-fan","code":"coupon-fan","name":"Coupon fan","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":30,"counterCount":2,"progressCount":0,"timesAchieved":1,"available":true}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800107,1768654800107,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,330,42,'coupon-code-assigned','','success','[]',NULL,'{"couponUsageId":53,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":"ice-for-ana","customAttributes":{},"createdAt":"2026-01-17T13:00:00.108Z","updatedAt":"2026-01-17T13:00:00.108Z","revertedAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800108,1768654800108,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,331,42,'coupon-code-used','','success','[]',NULL,'{"couponUsageId":54,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.110Z","updatedAt":"2026-01-17T13:00:00.110Z","revertedAt":null}','[{"effectId": "increment-mission", "source": "mission", "sourceId": 3, "actionId": null, "data": {"missionId": 3, "amount": 1, "achieved": 0, "counterCount": 3, "timesAchieved": 1}}]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800110,1768654800110,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,332,42,'benefit-used','','success','[]',NULL,'{"couponUsage":{"couponUsageId":54,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.110Z","updatedAt":"2026-01-17T13:00:00.110Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":2,"usedCount":2,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800110,1768654800110,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,333,42,'coupon-code-used','','success','[]',NULL,'{"couponUsageId":55,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z","revertedAt":null}','[{"effectId": "increment-mission", "source": "mission", "sourceId": 3, "actionId": null, "data": {"missionId": 3, "amount": 1, "achieved": 1, "counterCount": 4, "timesAchieved": 2}}, {"effectId": "mint-points", "source": "mission", "sourceId": 3, "actionId": null, "data": {"missionId": 3, "amount": 30}}]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800112,1768654800112,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,334,42,'benefit-used','','success','[]',NULL,'{"couponUsage":{"couponUsageId":55,"organizationId":1,"type":"use","status":"used","couponBookId":7,"couponId":51,"couponCode":"ICE-1","memberId":42,"assignmentCouponUsageId":53,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":"2026-12-31T00:00:00.000Z","systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z","revertedAt":null},"couponBook":{"couponBookId":7,"organizationId":1,"loyaltyProgramId":null,"externalId":null,"rankingIndex":null,"audienceKeys":[],"name":"Iced coffee","description":null,"subtitle":null,"pictureUrl":null,"detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":2,"discountType":"fixed","tags":[],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":3,"defaultLocale":"en","assignmentRequiredPoints":0,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":null,"contentSchemaVersionId":null,"locale":"en","content":{},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":3,"assignedCount":2,"usedCount":2,"createdAt":"2026-01-17T13:00:00.101Z","updatedAt":"2026-01-17T13:00:00.103Z"}}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800112,1768654800112,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,335,42,'ledger-transaction-created','','success','["mission/3"]',333,'{"ledgerTransactionId":"92","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":30,"capturedAmount":30,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission coupon-fan","tags":[],"createdAt":"2026-01-17T13:00:00.112Z","updatedAt":"2026-01-17T13:00:00.112Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800112,1768654800112,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,336,42,'mission-status-updated','','success','["mission/3"]',333,'{"missionId":3,"missionKey":"coupon-fan","code":"coupon-fan","name":"Coupon fan","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":30,"counterCount":4,"progressCount":0,"timesAchieved":2,"available":false}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800112,1768654800112,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,337,42,'ledger-transaction-created','','success','[]',NULL,'{"ledgerTransactionId":"93","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"burn","status":"posted","amount":60,"capturedAmount":60,"fromWalletId":142,"toWalletId":null,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Coupon of A cup on the house","tags":[],"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800113,1768654800113,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,338,42,'coupon-code-assigned','','success','[]',NULL,'{"couponUsageId":56,"organizationId":1,"type":"assignment","status":"assigned","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":null,"amountAssigned":1,"amountUsed":0,"points":60,"ledgerTransactionId":"93","expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.113Z","updatedAt":"2026-01-17T13:00:00.113Z","revertedAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800113,1768654800113,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,339,42,'coupon-code-used','','success','[]',NULL,'{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800114,1768654800114,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,340,42,'benefit-used','','success','[]',NULL,'{"couponUsage":{"couponUsageId":57,"organizationId":1,"type":"use","status":"used","couponBookId":1,"couponId":2,"couponCode":"CUP-0002","memberId":42,"assignmentCouponUsageId":56,"amountAssigned":0,"amountUsed":1,"points":0,"ledgerTransactionId":null,"expiredAt":null,"systemUniqueKey":null,"customAttributes":{},"createdAt":"2026-01-17T13:00:00.114Z","updatedAt":"2026-01-17T13:00:00.114Z","revertedAt":null},"couponBook":{"couponBookId":1,"organizationId":1,"loyaltyProgramId":1,"externalId":null,"rankingIndex":1,"audienceKeys":[],"name":"A cup on the house","description":null,"subtitle":"Any drink of the bar","pictureUrl":"https://img.example.org/coupons/1.png","detailPictureUrl":null,"customAttributes":{},"type":"product","discountAmount":3.5,"discountType":"fixed","tags":["drinks"],"validFromDate":null,"validToDate":null,"maxAssignedPerMember":null,"maxAssignedPerCoupon":1,"maxCouponCount":null,"defaultLocale":"en","assignmentRequiredPoints":60,"usageRequiredPoints":0,"condition":{},"tiers":[],"publishingStatus":"published","contentSchemaId":1,"contentSchemaVersionId":1,"locale":"en","content":{"headline":"This one is on us"},"extraFields":{},"isDefaultLocale":true,"requiredPointsConfig":{"ledgerId":null,"ledgerAccountId":null},"couponCount":20,"assignedCount":2,"usedCount":2,"createdAt":"2025-01-15T12:11:00.000Z","updatedAt":"2026-01-17T13:00:00.104Z"}}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768654800114,1768654800114,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,341,42,'ledger-transaction-created','','success','["mission/5"]',NULL,'{"ledgerTransactionId":"94","organizationId":1,"ledgerId":1,"ledgerAccountId":1,"type":"mint","status":"posted","amount":350,"capturedAmount":350,"fromWalletId":null,"toWalletId":142,"captureMethod":"auto","revertsLedgerTransactionId":null,"systemUniqueKey":null,"externalId":null,"externalEventDate":null,"description":"Mission THREE-COFFEES","tags":[],"createdAt":"2026-01-20T13:00:00.143Z","updatedAt":"2026-01-20T13:00:00.143Z"}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768914000143,1768914000143,NULL,NULL,NULL);
INSERT INTO "lc_events" VALUES(4,342,42,'mission-status-updated','','success','["mission/5"]',NULL,'{"missionId":5,"missionKey":"three-coffees","code":"THREE-COFFEES","name":"Three coffees","loyaltyProgramId":1,"status":"achieved","achieved":1,"points":350,"counterCount":3,"progressCount":0,"timesAchieved":1,"available":true}','[]','[]',NULL,NULL,NULL,NULL,NULL,NULL,'[]',1768914000143,1768914000143,NULL,NULL,NULL);
CREATE TABLE lc_ledgers (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	ledger_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	default_account_id INTEGER, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_ledgers PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_ledgers_tenant_id_ledger_key UNIQUE (tenant_id, ledger_key)
);
INSERT INTO "lc_ledgers" VALUES(4,1,'main','Harbour points','Points of the Harbour Club.',1,1736942400000,1736942400000);
INSERT INTO "lc_ledgers" VALUES(4,2,'stamp-cards','Stamp cards','Stamps of those who roast at home.',3,1736942401000,1736942401000);
INSERT INTO "lc_ledgers" VALUES(5,1,'main','Main',NULL,1,1768478400000,1768478400000);
CREATE TABLE lc_listeners (
	tenant_id INTEGER NOT NULL, 
	event_type VARCHAR(255) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	source_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_listeners PRIMARY KEY (tenant_id, event_type, source, source_id)
);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','campaign',1);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','campaign',2);
INSERT INTO "lc_listeners" VALUES(4,'tasting-attended','campaign',3);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','campaign',4);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','mission',1);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','mission',2);
INSERT INTO "lc_listeners" VALUES(4,'coupon-code-used','mission',3);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','mission',4);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','referral-program',1);
INSERT INTO "lc_listeners" VALUES(4,'app-review','campaign',8);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','campaign',6);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','mission',5);
INSERT INTO "lc_listeners" VALUES(4,'member-purchase-order-confirmed','referral-program',2);
CREATE TABLE lc_lots (
	tenant_id INTEGER NOT NULL, 
	place VARCHAR(96) NOT NULL, 
	number INTEGER NOT NULL, 
	amount INTEGER NOT NULL, 
	expires_ms INTEGER, 
	CONSTRAINT pk_lc_lots PRIMARY KEY (tenant_id, place, number)
);
INSERT INTO "lc_lots" VALUES(4,'a3/w101',96,3,1777620227286);
INSERT INTO "lc_lots" VALUES(4,'a3/w104',98,1,1777673936207);
INSERT INTO "lc_lots" VALUES(4,'a3/w119',61,2,1770478628365);
INSERT INTO "lc_lots" VALUES(4,'a3/w131',74,3,1774570030570);
CREATE TABLE lc_matchers (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	matcher_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	type VARCHAR(32) NOT NULL, 
	matcher JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_matchers PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_matchers_tenant_id_matcher_key UNIQUE (tenant_id, matcher_key)
);
INSERT INTO "lc_matchers" VALUES(4,1,'harbour-espresso','Harbour espresso','item-matcher','{"items":"any","conditions":[{"attribute":"sku","values":["harbour-beans"]}]}',1736942820000,1736942820000);
INSERT INTO "lc_matchers" VALUES(4,2,'cold-drinks','Cold drinks','item-matcher','{"items":"any","conditions":[{"attribute":"productCategory","values":["cold-drinks"]}]}',1736942820000,1736942820000);
INSERT INTO "lc_matchers" VALUES(4,3,'two-bags-of-beans','Two bags of beans at once','item-matcher','{"match": "all", "items": "any", "conditions": [{"attribute": "productCategory", "values": ["coffee-beans"]}, {"attribute": "quantity", "min": 2}]}',1768914000121,1768914000122);
CREATE TABLE lc_member_badges (
	tenant_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	badge_id INTEGER NOT NULL, 
	minted_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_member_badges PRIMARY KEY (tenant_id, member_id, badge_id)
);
INSERT INTO "lc_member_badges" VALUES(4,8,1,1745607600000);
INSERT INTO "lc_member_badges" VALUES(4,18,1,1751655600000);
INSERT INTO "lc_member_badges" VALUES(4,27,1,1756839600000);
INSERT INTO "lc_member_badges" VALUES(4,1,1,1763751600000);
CREATE TABLE lc_member_missions (
	tenant_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	mission_id INTEGER NOT NULL, 
	counter_count INTEGER NOT NULL, 
	progress INTEGER NOT NULL, 
	times_achieved INTEGER NOT NULL, 
	period_start_ms INTEGER, 
	period_achieved INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_member_missions PRIMARY KEY (tenant_id, member_id, mission_id)
);
INSERT INTO "lc_member_missions" VALUES(4,2,3,1,1,0,1738368000000,0,1738584050447);
INSERT INTO "lc_member_missions" VALUES(4,4,3,1,1,0,1738368000000,0,1739061712669);
INSERT INTO "lc_member_missions" VALUES(4,6,3,1,1,0,1738368000000,0,1740069768853);
INSERT INTO "lc_member_missions" VALUES(4,8,3,1,1,0,1740787200000,0,1740951202443);
INSERT INTO "lc_member_missions" VALUES(4,11,1,1,1,0,NULL,0,1744321878709);
INSERT INTO "lc_member_missions" VALUES(4,2,1,1,1,0,NULL,0,1745041017476);
INSERT INTO "lc_member_missions" VALUES(4,2,2,1,1,0,1743465600000,0,1745041017476);
INSERT INTO "lc_member_missions" VALUES(4,1,1,1,1,0,NULL,0,1747764316715);
INSERT INTO "lc_member_missions" VALUES(4,12,1,1,1,0,NULL,0,1749042815649);
INSERT INTO "lc_member_missions" VALUES(4,8,1,1,1,0,NULL,0,1749712535741);
INSERT INTO "lc_member_missions" VALUES(4,8,2,1,1,0,1748736000000,0,1749712535741);
INSERT INTO "lc_member_missions" VALUES(4,7,1,1,1,0,NULL,0,1752723125072);
INSERT INTO "lc_member_missions" VALUES(4,13,3,2,0,1,1754006400000,1,1756217893538);
INSERT INTO "lc_member_missions" VALUES(4,9,3,1,1,0,1754006400000,0,1754398280122);
INSERT INTO "lc_member_missions" VALUES(4,15,3,1,1,0,1754006400000,0,1755131483519);
INSERT INTO "lc_member_missions" VALUES(4,1,3,1,1,0,1754006400000,0,1755241746526);
INSERT INTO "lc_member_missions" VALUES(4,3,3,1,1,0,1754006400000,0,1755280563446);
INSERT INTO "lc_member_missions" VALUES(4,28,1,1,1,0,NULL,0,1756794003308);
INSERT INTO "lc_member_missions" VALUES(4,19,3,1,1,0,1756684800000,0,1757307091879);
INSERT INTO "lc_member_missions" VALUES(4,21,1,2,2,0,NULL,0,1762242387046);
INSERT INTO "lc_member_missions" VALUES(4,21,2,1,1,0,1756684800000,0,1757467257344);
INSERT INTO "lc_member_missions" VALUES(4,17,3,1,1,0,1756684800000,0,1757821288806);
INSERT INTO "lc_member_missions" VALUES(4,5,3,1,1,0,1756684800000,0,1758213406902);
INSERT INTO "lc_member_missions" VALUES(4,11,3,1,1,0,1759276800000,0,1759679269773);
INSERT INTO "lc_member_missions" VALUES(4,9,1,1,1,0,NULL,0,1760926518329);
INSERT INTO "lc_member_missions" VALUES(4,7,3,1,1,0,1759276800000,0,1761271326135);
INSERT INTO "lc_member_missions" VALUES(4,35,3,2,0,1,1764547200000,1,1765351079613);
INSERT INTO "lc_member_missions" VALUES(4,6,1,1,1,0,NULL,0,1763249124582);
INSERT INTO "lc_member_missions" VALUES(4,6,2,1,1,0,1761955200000,0,1763249124582);
INSERT INTO "lc_member_missions" VALUES(4,36,1,1,1,0,NULL,0,1765127361056);
INSERT INTO "lc_member_missions" VALUES(4,42,1,3,3,0,NULL,0,1767447852591);
INSERT INTO "lc_member_missions" VALUES(4,42,2,2,2,0,1764547200000,0,1766417305183);
INSERT INTO "lc_member_missions" VALUES(4,34,1,1,1,0,NULL,0,1765410498643);
INSERT INTO "lc_member_missions" VALUES(4,34,2,1,1,0,1764547200000,0,1765410498643);
INSERT INTO "lc_member_missions" VALUES(4,37,1,1,1,0,NULL,0,1766099511991);
INSERT INTO "lc_member_missions" VALUES(4,26,1,1,1,0,NULL,0,1766441874645);
INSERT INTO "lc_member_missions" VALUES(4,42,3,4,0,2,1767225600000,2,1768654800112);
INSERT INTO "lc_member_missions" VALUES(4,42,5,3,0,1,1767225600000,1,1768914000143);
CREATE TABLE lc_member_terms (
	tenant_id INTEGER NOT NULL, 
	term VARCHAR(64) NOT NULL, 
	member_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_member_terms PRIMARY KEY (tenant_id, term, member_id)
);
INSERT INTO "lc_member_terms" VALUES(4,'=patrick.williams1@example.com',1);
INSERT INTO "lc_member_terms" VALUES(4,'williams1',1);
INSERT INTO "lc_member_terms" VALUES(4,'hc',1);
INSERT INTO "lc_member_terms" VALUES(4,'williams',1);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8001',1);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000001',1);
INSERT INTO "lc_member_terms" VALUES(4,'com',1);
INSERT INTO "lc_member_terms" VALUES(4,'example',1);
INSERT INTO "lc_member_terms" VALUES(4,'000001',1);
INSERT INTO "lc_member_terms" VALUES(4,'patrick',1);
INSERT INTO "lc_member_terms" VALUES(4,'card',1);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',1);
INSERT INTO "lc_member_terms" VALUES(4,'8001',1);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',2);
INSERT INTO "lc_member_terms" VALUES(4,'hc',2);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000002',2);
INSERT INTO "lc_member_terms" VALUES(4,'=michael.lopez2@example.net',2);
INSERT INTO "lc_member_terms" VALUES(4,'michael',2);
INSERT INTO "lc_member_terms" VALUES(4,'lopez',2);
INSERT INTO "lc_member_terms" VALUES(4,'000002',2);
INSERT INTO "lc_member_terms" VALUES(4,'example',2);
INSERT INTO "lc_member_terms" VALUES(4,'net',2);
INSERT INTO "lc_member_terms" VALUES(4,'lopez2',2);
INSERT INTO "lc_member_terms" VALUES(4,'000003',3);
INSERT INTO "lc_member_terms" VALUES(4,'8003',3);
INSERT INTO "lc_member_terms" VALUES(4,'hc',3);
INSERT INTO "lc_member_terms" VALUES(4,'=catherine.dodson3@example.org',3);
INSERT INTO "lc_member_terms" VALUES(4,'catherine',3);
INSERT INTO "lc_member_terms" VALUES(4,'example',3);
INSERT INTO "lc_member_terms" VALUES(4,'kiel',3);
INSERT INTO "lc_member_terms" VALUES(4,'dodson3',3);
INSERT INTO "lc_member_terms" VALUES(4,'card',3);
INSERT INTO "lc_member_terms" VALUES(4,'org',3);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000003',3);
INSERT INTO "lc_member_terms" VALUES(4,'dodson',3);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8003',3);
INSERT INTO "lc_member_terms" VALUES(4,'hc',4);
INSERT INTO "lc_member_terms" VALUES(4,'andrew',4);
INSERT INTO "lc_member_terms" VALUES(4,'long4',4);
INSERT INTO "lc_member_terms" VALUES(4,'com',4);
INSERT INTO "lc_member_terms" VALUES(4,'example',4);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000004',4);
INSERT INTO "lc_member_terms" VALUES(4,'=andrew.long4@example.com',4);
INSERT INTO "lc_member_terms" VALUES(4,'000004',4);
INSERT INTO "lc_member_terms" VALUES(4,'whitby',4);
INSERT INTO "lc_member_terms" VALUES(4,'long',4);
INSERT INTO "lc_member_terms" VALUES(4,'le5',5);
INSERT INTO "lc_member_terms" VALUES(4,'000005',5);
INSERT INTO "lc_member_terms" VALUES(4,'hc',5);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000005',5);
INSERT INTO "lc_member_terms" VALUES(4,'example',5);
INSERT INTO "lc_member_terms" VALUES(4,'galway',5);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8005',5);
INSERT INTO "lc_member_terms" VALUES(4,'net',5);
INSERT INTO "lc_member_terms" VALUES(4,'card',5);
INSERT INTO "lc_member_terms" VALUES(4,'8005',5);
INSERT INTO "lc_member_terms" VALUES(4,'=joseph.le5@example.net',5);
INSERT INTO "lc_member_terms" VALUES(4,'joseph',5);
INSERT INTO "lc_member_terms" VALUES(4,'le',5);
INSERT INTO "lc_member_terms" VALUES(4,'clark',6);
INSERT INTO "lc_member_terms" VALUES(4,'ashley',6);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000006',6);
INSERT INTO "lc_member_terms" VALUES(4,'hc',6);
INSERT INTO "lc_member_terms" VALUES(4,'=ashley.clark6@example.org',6);
INSERT INTO "lc_member_terms" VALUES(4,'example',6);
INSERT INTO "lc_member_terms" VALUES(4,'clark6',6);
INSERT INTO "lc_member_terms" VALUES(4,'000006',6);
INSERT INTO "lc_member_terms" VALUES(4,'org',6);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',6);
INSERT INTO "lc_member_terms" VALUES(4,'parker',7);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',7);
INSERT INTO "lc_member_terms" VALUES(4,'hc',7);
INSERT INTO "lc_member_terms" VALUES(4,'000007',7);
INSERT INTO "lc_member_terms" VALUES(4,'com',7);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8007',7);
INSERT INTO "lc_member_terms" VALUES(4,'example',7);
INSERT INTO "lc_member_terms" VALUES(4,'card',7);
INSERT INTO "lc_member_terms" VALUES(4,'=jennifer.parker7@example.com',7);
INSERT INTO "lc_member_terms" VALUES(4,'parker7',7);
INSERT INTO "lc_member_terms" VALUES(4,'8007',7);
INSERT INTO "lc_member_terms" VALUES(4,'jennifer',7);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000007',7);
INSERT INTO "lc_member_terms" VALUES(4,'lam8',8);
INSERT INTO "lc_member_terms" VALUES(4,'hc',8);
INSERT INTO "lc_member_terms" VALUES(4,'=sarah.lam8@example.net',8);
INSERT INTO "lc_member_terms" VALUES(4,'sarah',8);
INSERT INTO "lc_member_terms" VALUES(4,'example',8);
INSERT INTO "lc_member_terms" VALUES(4,'falmouth',8);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000008',8);
INSERT INTO "lc_member_terms" VALUES(4,'net',8);
INSERT INTO "lc_member_terms" VALUES(4,'lam',8);
INSERT INTO "lc_member_terms" VALUES(4,'000008',8);
INSERT INTO "lc_member_terms" VALUES(4,'cheryl',9);
INSERT INTO "lc_member_terms" VALUES(4,'hc',9);
INSERT INTO "lc_member_terms" VALUES(4,'000009',9);
INSERT INTO "lc_member_terms" VALUES(4,'8009',9);
INSERT INTO "lc_member_terms" VALUES(4,'lewis',9);
INSERT INTO "lc_member_terms" VALUES(4,'example',9);
INSERT INTO "lc_member_terms" VALUES(4,'galway',9);
INSERT INTO "lc_member_terms" VALUES(4,'lewis9',9);
INSERT INTO "lc_member_terms" VALUES(4,'card',9);
INSERT INTO "lc_member_terms" VALUES(4,'org',9);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000009',9);
INSERT INTO "lc_member_terms" VALUES(4,'=cheryl.lewis9@example.org',9);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8009',9);
INSERT INTO "lc_member_terms" VALUES(4,'ray',10);
INSERT INTO "lc_member_terms" VALUES(4,'=pamela.ray10@example.com',10);
INSERT INTO "lc_member_terms" VALUES(4,'hc',10);
INSERT INTO "lc_member_terms" VALUES(4,'com',10);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000010',10);
INSERT INTO "lc_member_terms" VALUES(4,'example',10);
INSERT INTO "lc_member_terms" VALUES(4,'ray10',10);
INSERT INTO "lc_member_terms" VALUES(4,'000010',10);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',10);
INSERT INTO "lc_member_terms" VALUES(4,'pamela',10);
INSERT INTO "lc_member_terms" VALUES(4,'8011',11);
INSERT INTO "lc_member_terms" VALUES(4,'000011',11);
INSERT INTO "lc_member_terms" VALUES(4,'hc',11);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000011',11);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8011',11);
INSERT INTO "lc_member_terms" VALUES(4,'card',11);
INSERT INTO "lc_member_terms" VALUES(4,'hc',12);
INSERT INTO "lc_member_terms" VALUES(4,'lawson',12);
INSERT INTO "lc_member_terms" VALUES(4,'lawson12',12);
INSERT INTO "lc_member_terms" VALUES(4,'erica',12);
INSERT INTO "lc_member_terms" VALUES(4,'example',12);
INSERT INTO "lc_member_terms" VALUES(4,'falmouth',12);
INSERT INTO "lc_member_terms" VALUES(4,'org',12);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000012',12);
INSERT INTO "lc_member_terms" VALUES(4,'000012',12);
INSERT INTO "lc_member_terms" VALUES(4,'=erica.lawson12@example.org',12);
INSERT INTO "lc_member_terms" VALUES(4,'bennett13',13);
INSERT INTO "lc_member_terms" VALUES(4,'000013',13);
INSERT INTO "lc_member_terms" VALUES(4,'hc',13);
INSERT INTO "lc_member_terms" VALUES(4,'com',13);
INSERT INTO "lc_member_terms" VALUES(4,'nathan',13);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000013',13);
INSERT INTO "lc_member_terms" VALUES(4,'example',13);
INSERT INTO "lc_member_terms" VALUES(4,'kiel',13);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8013',13);
INSERT INTO "lc_member_terms" VALUES(4,'=nathan.bennett13@example.com',13);
INSERT INTO "lc_member_terms" VALUES(4,'8013',13);
INSERT INTO "lc_member_terms" VALUES(4,'bennett',13);
INSERT INTO "lc_member_terms" VALUES(4,'card',13);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000014',14);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',14);
INSERT INTO "lc_member_terms" VALUES(4,'hc',14);
INSERT INTO "lc_member_terms" VALUES(4,'=taylor.bailey14@example.net',14);
INSERT INTO "lc_member_terms" VALUES(4,'taylor',14);
INSERT INTO "lc_member_terms" VALUES(4,'bailey14',14);
INSERT INTO "lc_member_terms" VALUES(4,'example',14);
INSERT INTO "lc_member_terms" VALUES(4,'000014',14);
INSERT INTO "lc_member_terms" VALUES(4,'net',14);
INSERT INTO "lc_member_terms" VALUES(4,'bailey',14);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8015',15);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',15);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000015',15);
INSERT INTO "lc_member_terms" VALUES(4,'hc',15);
INSERT INTO "lc_member_terms" VALUES(4,'8015',15);
INSERT INTO "lc_member_terms" VALUES(4,'example',15);
INSERT INTO "lc_member_terms" VALUES(4,'000015',15);
INSERT INTO "lc_member_terms" VALUES(4,'frank',15);
INSERT INTO "lc_member_terms" VALUES(4,'card',15);
INSERT INTO "lc_member_terms" VALUES(4,'rogers15',15);
INSERT INTO "lc_member_terms" VALUES(4,'org',15);
INSERT INTO "lc_member_terms" VALUES(4,'=frank.rogers15@example.org',15);
INSERT INTO "lc_member_terms" VALUES(4,'rogers',15);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000016',16);
INSERT INTO "lc_member_terms" VALUES(4,'000016',16);
INSERT INTO "lc_member_terms" VALUES(4,'hc',16);
INSERT INTO "lc_member_terms" VALUES(4,'=douglas.michael16@example.com',16);
INSERT INTO "lc_member_terms" VALUES(4,'michael16',16);
INSERT INTO "lc_member_terms" VALUES(4,'com',16);
INSERT INTO "lc_member_terms" VALUES(4,'michael',16);
INSERT INTO "lc_member_terms" VALUES(4,'bergen',16);
INSERT INTO "lc_member_terms" VALUES(4,'douglas',16);
INSERT INTO "lc_member_terms" VALUES(4,'example',16);
INSERT INTO "lc_member_terms" VALUES(4,'8017',17);
INSERT INTO "lc_member_terms" VALUES(4,'hc',17);
INSERT INTO "lc_member_terms" VALUES(4,'holmes17',17);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000017',17);
INSERT INTO "lc_member_terms" VALUES(4,'kimberly',17);
INSERT INTO "lc_member_terms" VALUES(4,'example',17);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8017',17);
INSERT INTO "lc_member_terms" VALUES(4,'holmes',17);
INSERT INTO "lc_member_terms" VALUES(4,'falmouth',17);
INSERT INTO "lc_member_terms" VALUES(4,'=kimberly.holmes17@example.net',17);
INSERT INTO "lc_member_terms" VALUES(4,'net',17);
INSERT INTO "lc_member_terms" VALUES(4,'card',17);
INSERT INTO "lc_member_terms" VALUES(4,'000017',17);
INSERT INTO "lc_member_terms" VALUES(4,'000018',18);
INSERT INTO "lc_member_terms" VALUES(4,'hc',18);
INSERT INTO "lc_member_terms" VALUES(4,'=krista.frost18@example.org',18);
INSERT INTO "lc_member_terms" VALUES(4,'krista',18);
INSERT INTO "lc_member_terms" VALUES(4,'example',18);
INSERT INTO "lc_member_terms" VALUES(4,'frost18',18);
INSERT INTO "lc_member_terms" VALUES(4,'org',18);
INSERT INTO "lc_member_terms" VALUES(4,'frost',18);
INSERT INTO "lc_member_terms" VALUES(4,'whitby',18);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000018',18);
INSERT INTO "lc_member_terms" VALUES(4,'8019',19);
INSERT INTO "lc_member_terms" VALUES(4,'ortiz19',19);
INSERT INTO "lc_member_terms" VALUES(4,'hc',19);
INSERT INTO "lc_member_terms" VALUES(4,'ortiz',19);
INSERT INTO "lc_member_terms" VALUES(4,'=wesley.ortiz19@example.com',19);
INSERT INTO "lc_member_terms" VALUES(4,'com',19);
INSERT INTO "lc_member_terms" VALUES(4,'example',19);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000019',19);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8019',19);
INSERT INTO "lc_member_terms" VALUES(4,'card',19);
INSERT INTO "lc_member_terms" VALUES(4,'000019',19);
INSERT INTO "lc_member_terms" VALUES(4,'wesley',19);
INSERT INTO "lc_member_terms" VALUES(4,'porto',19);
INSERT INTO "lc_member_terms" VALUES(4,'000020',20);
INSERT INTO "lc_member_terms" VALUES(4,'alexandra',20);
INSERT INTO "lc_member_terms" VALUES(4,'hc',20);
INSERT INTO "lc_member_terms" VALUES(4,'bergen',20);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000020',20);
INSERT INTO "lc_member_terms" VALUES(4,'example',20);
INSERT INTO "lc_member_terms" VALUES(4,'delgado20',20);
INSERT INTO "lc_member_terms" VALUES(4,'=alexandra.delgado20@example.net',20);
INSERT INTO "lc_member_terms" VALUES(4,'net',20);
INSERT INTO "lc_member_terms" VALUES(4,'delgado',20);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000021',21);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8021',21);
INSERT INTO "lc_member_terms" VALUES(4,'hc',21);
INSERT INTO "lc_member_terms" VALUES(4,'=tonya.murphy21@example.org',21);
INSERT INTO "lc_member_terms" VALUES(4,'murphy',21);
INSERT INTO "lc_member_terms" VALUES(4,'example',21);
INSERT INTO "lc_member_terms" VALUES(4,'000021',21);
INSERT INTO "lc_member_terms" VALUES(4,'8021',21);
INSERT INTO "lc_member_terms" VALUES(4,'galway',21);
INSERT INTO "lc_member_terms" VALUES(4,'card',21);
INSERT INTO "lc_member_terms" VALUES(4,'tonya',21);
INSERT INTO "lc_member_terms" VALUES(4,'murphy21',21);
INSERT INTO "lc_member_terms" VALUES(4,'org',21);
INSERT INTO "lc_member_terms" VALUES(4,'cross',22);
INSERT INTO "lc_member_terms" VALUES(4,'hc',22);
INSERT INTO "lc_member_terms" VALUES(4,'000022',22);
INSERT INTO "lc_member_terms" VALUES(4,'com',22);
INSERT INTO "lc_member_terms" VALUES(4,'example',22);
INSERT INTO "lc_member_terms" VALUES(4,'kiel',22);
INSERT INTO "lc_member_terms" VALUES(4,'valerie',22);
INSERT INTO "lc_member_terms" VALUES(4,'cross22',22);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000022',22);
INSERT INTO "lc_member_terms" VALUES(4,'=valerie.cross22@example.com',22);
INSERT INTO "lc_member_terms" VALUES(4,'8023',23);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',23);
INSERT INTO "lc_member_terms" VALUES(4,'hc',23);
INSERT INTO "lc_member_terms" VALUES(4,'000023',23);
INSERT INTO "lc_member_terms" VALUES(4,'thompson',23);
INSERT INTO "lc_member_terms" VALUES(4,'=kimberly.thompson23@example.net',23);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000023',23);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8023',23);
INSERT INTO "lc_member_terms" VALUES(4,'kimberly',23);
INSERT INTO "lc_member_terms" VALUES(4,'example',23);
INSERT INTO "lc_member_terms" VALUES(4,'net',23);
INSERT INTO "lc_member_terms" VALUES(4,'card',23);
INSERT INTO "lc_member_terms" VALUES(4,'thompson23',23);
INSERT INTO "lc_member_terms" VALUES(4,'=emily.lowery24@example.org',24);
INSERT INTO "lc_member_terms" VALUES(4,'lowery24',24);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000024',24);
INSERT INTO "lc_member_terms" VALUES(4,'hc',24);
INSERT INTO "lc_member_terms" VALUES(4,'lowery',24);
INSERT INTO "lc_member_terms" VALUES(4,'example',24);
INSERT INTO "lc_member_terms" VALUES(4,'emily',24);
INSERT INTO "lc_member_terms" VALUES(4,'org',24);
INSERT INTO "lc_member_terms" VALUES(4,'porto',24);
INSERT INTO "lc_member_terms" VALUES(4,'000024',24);
INSERT INTO "lc_member_terms" VALUES(4,'=kelly.martin25@example.com',25);
INSERT INTO "lc_member_terms" VALUES(4,'whitby',25);
INSERT INTO "lc_member_terms" VALUES(4,'hc',25);
INSERT INTO "lc_member_terms" VALUES(4,'com',25);
INSERT INTO "lc_member_terms" VALUES(4,'martin25',25);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000025',25);
INSERT INTO "lc_member_terms" VALUES(4,'example',25);
INSERT INTO "lc_member_terms" VALUES(4,'martin',25);
INSERT INTO "lc_member_terms" VALUES(4,'kelly',25);
INSERT INTO "lc_member_terms" VALUES(4,'card',25);
INSERT INTO "lc_member_terms" VALUES(4,'000025',25);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8025',25);
INSERT INTO "lc_member_terms" VALUES(4,'8025',25);
INSERT INTO "lc_member_terms" VALUES(4,'hc',26);
INSERT INTO "lc_member_terms" VALUES(4,'davis',26);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000026',26);
INSERT INTO "lc_member_terms" VALUES(4,'davis26',26);
INSERT INTO "lc_member_terms" VALUES(4,'example',26);
INSERT INTO "lc_member_terms" VALUES(4,'galway',26);
INSERT INTO "lc_member_terms" VALUES(4,'000026',26);
INSERT INTO "lc_member_terms" VALUES(4,'net',26);
INSERT INTO "lc_member_terms" VALUES(4,'katie',26);
INSERT INTO "lc_member_terms" VALUES(4,'=katie.davis26@example.net',26);
INSERT INTO "lc_member_terms" VALUES(4,'perez',27);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',27);
INSERT INTO "lc_member_terms" VALUES(4,'hc',27);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000027',27);
INSERT INTO "lc_member_terms" VALUES(4,'8027',27);
INSERT INTO "lc_member_terms" VALUES(4,'cindy',27);
INSERT INTO "lc_member_terms" VALUES(4,'example',27);
INSERT INTO "lc_member_terms" VALUES(4,'perez27',27);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8027',27);
INSERT INTO "lc_member_terms" VALUES(4,'000027',27);
INSERT INTO "lc_member_terms" VALUES(4,'card',27);
INSERT INTO "lc_member_terms" VALUES(4,'org',27);
INSERT INTO "lc_member_terms" VALUES(4,'=cindy.perez27@example.org',27);
INSERT INTO "lc_member_terms" VALUES(4,'000028',28);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000028',28);
INSERT INTO "lc_member_terms" VALUES(4,'keller28',28);
INSERT INTO "lc_member_terms" VALUES(4,'hc',28);
INSERT INTO "lc_member_terms" VALUES(4,'com',28);
INSERT INTO "lc_member_terms" VALUES(4,'keller',28);
INSERT INTO "lc_member_terms" VALUES(4,'example',28);
INSERT INTO "lc_member_terms" VALUES(4,'zachary',28);
INSERT INTO "lc_member_terms" VALUES(4,'whitby',28);
INSERT INTO "lc_member_terms" VALUES(4,'=zachary.keller28@example.com',28);
INSERT INTO "lc_member_terms" VALUES(4,'=david.wilson29@example.net',29);
INSERT INTO "lc_member_terms" VALUES(4,'hc',29);
INSERT INTO "lc_member_terms" VALUES(4,'wilson29',29);
INSERT INTO "lc_member_terms" VALUES(4,'000029',29);
INSERT INTO "lc_member_terms" VALUES(4,'example',29);
INSERT INTO "lc_member_terms" VALUES(4,'kiel',29);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000029',29);
INSERT INTO "lc_member_terms" VALUES(4,'8029',29);
INSERT INTO "lc_member_terms" VALUES(4,'net',29);
INSERT INTO "lc_member_terms" VALUES(4,'card',29);
INSERT INTO "lc_member_terms" VALUES(4,'david',29);
INSERT INTO "lc_member_terms" VALUES(4,'wilson',29);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8029',29);
INSERT INTO "lc_member_terms" VALUES(4,'stephanie',30);
INSERT INTO "lc_member_terms" VALUES(4,'hc',30);
INSERT INTO "lc_member_terms" VALUES(4,'example',30);
INSERT INTO "lc_member_terms" VALUES(4,'000030',30);
INSERT INTO "lc_member_terms" VALUES(4,'org',30);
INSERT INTO "lc_member_terms" VALUES(4,'simmons30',30);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',30);
INSERT INTO "lc_member_terms" VALUES(4,'simmons',30);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000030',30);
INSERT INTO "lc_member_terms" VALUES(4,'=stephanie.simmons30@example.org',30);
INSERT INTO "lc_member_terms" VALUES(4,'russell',31);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8031',31);
INSERT INTO "lc_member_terms" VALUES(4,'hc',31);
INSERT INTO "lc_member_terms" VALUES(4,'8031',31);
INSERT INTO "lc_member_terms" VALUES(4,'com',31);
INSERT INTO "lc_member_terms" VALUES(4,'bergen',31);
INSERT INTO "lc_member_terms" VALUES(4,'=frances.russell31@example.com',31);
INSERT INTO "lc_member_terms" VALUES(4,'000031',31);
INSERT INTO "lc_member_terms" VALUES(4,'frances',31);
INSERT INTO "lc_member_terms" VALUES(4,'example',31);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000031',31);
INSERT INTO "lc_member_terms" VALUES(4,'russell31',31);
INSERT INTO "lc_member_terms" VALUES(4,'card',31);
INSERT INTO "lc_member_terms" VALUES(4,'atkinson32',32);
INSERT INTO "lc_member_terms" VALUES(4,'000032',32);
INSERT INTO "lc_member_terms" VALUES(4,'hc',32);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000032',32);
INSERT INTO "lc_member_terms" VALUES(4,'example',32);
INSERT INTO "lc_member_terms" VALUES(4,'atkinson',32);
INSERT INTO "lc_member_terms" VALUES(4,'galway',32);
INSERT INTO "lc_member_terms" VALUES(4,'net',32);
INSERT INTO "lc_member_terms" VALUES(4,'=jennifer.atkinson32@example.net',32);
INSERT INTO "lc_member_terms" VALUES(4,'jennifer',32);
INSERT INTO "lc_member_terms" VALUES(4,'nielsen33',33);
INSERT INTO "lc_member_terms" VALUES(4,'=samantha.nielsen33@example.org',33);
INSERT INTO "lc_member_terms" VALUES(4,'hc',33);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8033',33);
INSERT INTO "lc_member_terms" VALUES(4,'nielsen',33);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000033',33);
INSERT INTO "lc_member_terms" VALUES(4,'8033',33);
INSERT INTO "lc_member_terms" VALUES(4,'example',33);
INSERT INTO "lc_member_terms" VALUES(4,'000033',33);
INSERT INTO "lc_member_terms" VALUES(4,'card',33);
INSERT INTO "lc_member_terms" VALUES(4,'org',33);
INSERT INTO "lc_member_terms" VALUES(4,'samantha',33);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',33);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',34);
INSERT INTO "lc_member_terms" VALUES(4,'hc',34);
INSERT INTO "lc_member_terms" VALUES(4,'=charles.stewart34@example.com',34);
INSERT INTO "lc_member_terms" VALUES(4,'com',34);
INSERT INTO "lc_member_terms" VALUES(4,'stewart',34);
INSERT INTO "lc_member_terms" VALUES(4,'stewart34',34);
INSERT INTO "lc_member_terms" VALUES(4,'000034',34);
INSERT INTO "lc_member_terms" VALUES(4,'example',34);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000034',34);
INSERT INTO "lc_member_terms" VALUES(4,'charles',34);
INSERT INTO "lc_member_terms" VALUES(4,'hc',35);
INSERT INTO "lc_member_terms" VALUES(4,'000035',35);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000035',35);
INSERT INTO "lc_member_terms" VALUES(4,'grant',35);
INSERT INTO "lc_member_terms" VALUES(4,'example',35);
INSERT INTO "lc_member_terms" VALUES(4,'linda',35);
INSERT INTO "lc_member_terms" VALUES(4,'falmouth',35);
INSERT INTO "lc_member_terms" VALUES(4,'=linda.grant35@example.net',35);
INSERT INTO "lc_member_terms" VALUES(4,'8035',35);
INSERT INTO "lc_member_terms" VALUES(4,'net',35);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8035',35);
INSERT INTO "lc_member_terms" VALUES(4,'card',35);
INSERT INTO "lc_member_terms" VALUES(4,'grant35',35);
INSERT INTO "lc_member_terms" VALUES(4,'000036',36);
INSERT INTO "lc_member_terms" VALUES(4,'adams36',36);
INSERT INTO "lc_member_terms" VALUES(4,'hc',36);
INSERT INTO "lc_member_terms" VALUES(4,'adams',36);
INSERT INTO "lc_member_terms" VALUES(4,'bergen',36);
INSERT INTO "lc_member_terms" VALUES(4,'james',36);
INSERT INTO "lc_member_terms" VALUES(4,'example',36);
INSERT INTO "lc_member_terms" VALUES(4,'org',36);
INSERT INTO "lc_member_terms" VALUES(4,'=james.adams36@example.org',36);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000036',36);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000037',37);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',37);
INSERT INTO "lc_member_terms" VALUES(4,'hc',37);
INSERT INTO "lc_member_terms" VALUES(4,'8037',37);
INSERT INTO "lc_member_terms" VALUES(4,'ronald',37);
INSERT INTO "lc_member_terms" VALUES(4,'com',37);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8037',37);
INSERT INTO "lc_member_terms" VALUES(4,'wright37',37);
INSERT INTO "lc_member_terms" VALUES(4,'example',37);
INSERT INTO "lc_member_terms" VALUES(4,'000037',37);
INSERT INTO "lc_member_terms" VALUES(4,'=ronald.wright37@example.com',37);
INSERT INTO "lc_member_terms" VALUES(4,'card',37);
INSERT INTO "lc_member_terms" VALUES(4,'wright',37);
INSERT INTO "lc_member_terms" VALUES(4,'malaga',38);
INSERT INTO "lc_member_terms" VALUES(4,'smith38',38);
INSERT INTO "lc_member_terms" VALUES(4,'hc',38);
INSERT INTO "lc_member_terms" VALUES(4,'000038',38);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000038',38);
INSERT INTO "lc_member_terms" VALUES(4,'=cody.smith38@example.net',38);
INSERT INTO "lc_member_terms" VALUES(4,'example',38);
INSERT INTO "lc_member_terms" VALUES(4,'net',38);
INSERT INTO "lc_member_terms" VALUES(4,'smith',38);
INSERT INTO "lc_member_terms" VALUES(4,'cody',38);
INSERT INTO "lc_member_terms" VALUES(4,'reilly39',39);
INSERT INTO "lc_member_terms" VALUES(4,'=carrie.reilly39@example.org',39);
INSERT INTO "lc_member_terms" VALUES(4,'reilly',39);
INSERT INTO "lc_member_terms" VALUES(4,'hc',39);
INSERT INTO "lc_member_terms" VALUES(4,'carrie',39);
INSERT INTO "lc_member_terms" VALUES(4,'example',39);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000039',39);
INSERT INTO "lc_member_terms" VALUES(4,'8039',39);
INSERT INTO "lc_member_terms" VALUES(4,'falmouth',39);
INSERT INTO "lc_member_terms" VALUES(4,'card',39);
INSERT INTO "lc_member_terms" VALUES(4,'org',39);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8039',39);
INSERT INTO "lc_member_terms" VALUES(4,'000039',39);
INSERT INTO "lc_member_terms" VALUES(4,'000040',40);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8040',40);
INSERT INTO "lc_member_terms" VALUES(4,'hc',40);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000040',40);
INSERT INTO "lc_member_terms" VALUES(4,'8040',40);
INSERT INTO "lc_member_terms" VALUES(4,'card',40);
INSERT INTO "lc_member_terms" VALUES(4,'000041',41);
INSERT INTO "lc_member_terms" VALUES(4,'ray',41);
INSERT INTO "lc_member_terms" VALUES(4,'hc',41);
INSERT INTO "lc_member_terms" VALUES(4,'ray41',41);
INSERT INTO "lc_member_terms" VALUES(4,'vincent',41);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000041',41);
INSERT INTO "lc_member_terms" VALUES(4,'example',41);
INSERT INTO "lc_member_terms" VALUES(4,'galway',41);
INSERT INTO "lc_member_terms" VALUES(4,'8041',41);
INSERT INTO "lc_member_terms" VALUES(4,'card',41);
INSERT INTO "lc_member_terms" VALUES(4,'net',41);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8041',41);
INSERT INTO "lc_member_terms" VALUES(4,'=vincent.ray41@example.net',41);
INSERT INTO "lc_member_terms" VALUES(4,'hc',42);
INSERT INTO "lc_member_terms" VALUES(4,'stone',42);
INSERT INTO "lc_member_terms" VALUES(4,'example',42);
INSERT INTO "lc_member_terms" VALUES(4,'000042',42);
INSERT INTO "lc_member_terms" VALUES(4,'card',42);
INSERT INTO "lc_member_terms" VALUES(4,'=card-7731',42);
INSERT INTO "lc_member_terms" VALUES(4,'org',42);
INSERT INTO "lc_member_terms" VALUES(4,'ana',42);
INSERT INTO "lc_member_terms" VALUES(4,'7731',42);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000042',42);
INSERT INTO "lc_member_terms" VALUES(4,'=card-8043',43);
INSERT INTO "lc_member_terms" VALUES(4,'field',43);
INSERT INTO "lc_member_terms" VALUES(4,'hc',43);
INSERT INTO "lc_member_terms" VALUES(4,'8043',43);
INSERT INTO "lc_member_terms" VALUES(4,'whitby',43);
INSERT INTO "lc_member_terms" VALUES(4,'=ben@example.org',43);
INSERT INTO "lc_member_terms" VALUES(4,'example',43);
INSERT INTO "lc_member_terms" VALUES(4,'000043',43);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000043',43);
INSERT INTO "lc_member_terms" VALUES(4,'card',43);
INSERT INTO "lc_member_terms" VALUES(4,'org',43);
INSERT INTO "lc_member_terms" VALUES(4,'ben',43);
INSERT INTO "lc_member_terms" VALUES(4,'hc',44);
INSERT INTO "lc_member_terms" VALUES(4,'lisa',44);
INSERT INTO "lc_member_terms" VALUES(4,'=hc-000044',44);
INSERT INTO "lc_member_terms" VALUES(4,'example',44);
INSERT INTO "lc_member_terms" VALUES(4,'000044',44);
INSERT INTO "lc_member_terms" VALUES(4,'reid44',44);
INSERT INTO "lc_member_terms" VALUES(4,'net',44);
INSERT INTO "lc_member_terms" VALUES(4,'=lisa.reid44@example.net',44);
INSERT INTO "lc_member_terms" VALUES(4,'trieste',44);
INSERT INTO "lc_member_terms" VALUES(4,'reid',44);
INSERT INTO "lc_member_terms" VALUES(5,'0001',1);
INSERT INTO "lc_member_terms" VALUES(5,'mike',1);
INSERT INTO "lc_member_terms" VALUES(5,'=mike.gamble1@example.com',1);
INSERT INTO "lc_member_terms" VALUES(5,'=rf-0001',1);
INSERT INTO "lc_member_terms" VALUES(5,'com',1);
INSERT INTO "lc_member_terms" VALUES(5,'example',1);
INSERT INTO "lc_member_terms" VALUES(5,'gamble',1);
INSERT INTO "lc_member_terms" VALUES(5,'rf',1);
INSERT INTO "lc_member_terms" VALUES(5,'gamble1',1);
INSERT INTO "lc_member_terms" VALUES(5,'horn',2);
INSERT INTO "lc_member_terms" VALUES(5,'=rf-0002',2);
INSERT INTO "lc_member_terms" VALUES(5,'horn2',2);
INSERT INTO "lc_member_terms" VALUES(5,'example',2);
INSERT INTO "lc_member_terms" VALUES(5,'net',2);
INSERT INTO "lc_member_terms" VALUES(5,'0002',2);
INSERT INTO "lc_member_terms" VALUES(5,'rf',2);
INSERT INTO "lc_member_terms" VALUES(5,'matthew',2);
INSERT INTO "lc_member_terms" VALUES(5,'=matthew.horn2@example.net',2);
INSERT INTO "lc_member_terms" VALUES(5,'=allen.roy3@example.org',3);
INSERT INTO "lc_member_terms" VALUES(5,'=rf-0003',3);
INSERT INTO "lc_member_terms" VALUES(5,'roy3',3);
INSERT INTO "lc_member_terms" VALUES(5,'example',3);
INSERT INTO "lc_member_terms" VALUES(5,'roy',3);
INSERT INTO "lc_member_terms" VALUES(5,'org',3);
INSERT INTO "lc_member_terms" VALUES(5,'rf',3);
INSERT INTO "lc_member_terms" VALUES(5,'0003',3);
INSERT INTO "lc_member_terms" VALUES(5,'allen',3);
INSERT INTO "lc_member_terms" VALUES(4,'0',45);
INSERT INTO "lc_member_terms" VALUES(4,'=new-0',45);
INSERT INTO "lc_member_terms" VALUES(4,'=zoe0@example.org',45);
INSERT INTO "lc_member_terms" VALUES(4,'example',45);
INSERT INTO "lc_member_terms" VALUES(4,'new',45);
INSERT INTO "lc_member_terms" VALUES(4,'org',45);
INSERT INTO "lc_member_terms" VALUES(4,'zoe',45);
INSERT INTO "lc_member_terms" VALUES(4,'zoe0',45);
INSERT INTO "lc_member_terms" VALUES(4,'1',46);
INSERT INTO "lc_member_terms" VALUES(4,'=new-1',46);
INSERT INTO "lc_member_terms" VALUES(4,'=zoe1@example.org',46);
INSERT INTO "lc_member_terms" VALUES(4,'example',46);
INSERT INTO "lc_member_terms" VALUES(4,'new',46);
INSERT INTO "lc_member_terms" VALUES(4,'org',46);
INSERT INTO "lc_member_terms" VALUES(4,'zoe',46);
INSERT INTO "lc_member_terms" VALUES(4,'zoe1',46);
INSERT INTO "lc_member_terms" VALUES(4,'2',47);
INSERT INTO "lc_member_terms" VALUES(4,'=new-2',47);
INSERT INTO "lc_member_terms" VALUES(4,'=zoe2@example.org',47);
INSERT INTO "lc_member_terms" VALUES(4,'example',47);
INSERT INTO "lc_member_terms" VALUES(4,'new',47);
INSERT INTO "lc_member_terms" VALUES(4,'org',47);
INSERT INTO "lc_member_terms" VALUES(4,'zoe',47);
INSERT INTO "lc_member_terms" VALUES(4,'zoe2',47);
INSERT INTO "lc_member_terms" VALUES(4,'=by-code',48);
INSERT INTO "lc_member_terms" VALUES(4,'by',48);
INSERT INTO "lc_member_terms" VALUES(4,'code',48);
INSERT INTO "lc_member_terms" VALUES(4,'=ana.stone@example.org',42);
CREATE TABLE lc_members (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	loyalty_member_id VARCHAR(255) NOT NULL, 
	public_loyalty_member_id VARCHAR(255), 
	member_type VARCHAR(255), 
	wallet_id INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	referral_code VARCHAR(255), 
	email VARCHAR(320), 
	on_chain JSON NOT NULL, 
	profile JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_members PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_members_tenant_id_loyalty_member_id UNIQUE (tenant_id, loyalty_member_id), 
	CONSTRAINT uq_lc_members_tenant_id_public_loyalty_member_id UNIQUE (tenant_id, public_loyalty_member_id), 
	CONSTRAINT uq_lc_members_tenant_id_wallet_id UNIQUE (tenant_id, wallet_id)
);
INSERT INTO "lc_members" VALUES(4,1,'HC-000001','CARD-8001','customer',101,1,NULL,'patrick.williams1@example.com','{}','{"name":"Patrick Williams","email":"patrick.williams1@example.com","city":"Trieste"}','{"favourite":"espresso"}',1738352063285,1738352063285);
INSERT INTO "lc_members" VALUES(4,2,'HC-000002',NULL,'customer',102,1,NULL,'michael.lopez2@example.net','{}','{"name":"Michael Lopez","email":"michael.lopez2@example.net","city":"Málaga"}','{"favourite":"hot chocolate"}',1738573781009,1738573781009);
INSERT INTO "lc_members" VALUES(4,3,'HC-000003','CARD-8003','wholesale',103,1,NULL,'catherine.dodson3@example.org','{}','{"name":"Catherine Dodson","email":"catherine.dodson3@example.org","city":"Kiel"}','{"favourite":"flat white"}',1738607960809,1738607960809);
INSERT INTO "lc_members" VALUES(4,4,'HC-000004',NULL,'wholesale',104,1,NULL,'andrew.long4@example.com','{}','{"name":"Andrew Long","email":"andrew.long4@example.com","city":"Whitby"}','{}',1738747273255,1741368844941);
INSERT INTO "lc_members" VALUES(4,5,'HC-000005','CARD-8005','customer',105,1,NULL,'joseph.le5@example.net','{}','{"name":"Joseph Le","email":"joseph.le5@example.net","city":"Galway"}','{"favourite":"espresso"}',1739462588187,1739462588187);
INSERT INTO "lc_members" VALUES(4,6,'HC-000006',NULL,'customer',106,1,NULL,'ashley.clark6@example.org','{}','{"name":"Ashley Clark","email":"ashley.clark6@example.org","city":"Trieste"}','{"favourite":"flat white"}',1739824603700,1739824603700);
INSERT INTO "lc_members" VALUES(4,7,'HC-000007','CARD-8007','customer',107,0,NULL,'jennifer.parker7@example.com','{}','{"name":"Jennifer Parker","email":"jennifer.parker7@example.com","city":"Málaga"}','{"favourite":"filter"}',1740149642257,1767038118326);
INSERT INTO "lc_members" VALUES(4,8,'HC-000008',NULL,'customer',108,1,NULL,'sarah.lam8@example.net','{}','{"name":"Sarah Lam","email":"sarah.lam8@example.net","city":"Falmouth"}','{}',1740800715840,1740800715840);
INSERT INTO "lc_members" VALUES(4,9,'HC-000009','CARD-8009','customer',109,1,NULL,'cheryl.lewis9@example.org','{}','{"name":"Cheryl Lewis","email":"cheryl.lewis9@example.org","city":"Galway"}','{"favourite":"cortado"}',1741653225582,1741653225582);
INSERT INTO "lc_members" VALUES(4,10,'HC-000010',NULL,'customer',110,1,NULL,'pamela.ray10@example.com','{}','{"name":"Pamela Ray","email":"pamela.ray10@example.com","city":"Trieste"}','{"favourite":"espresso"}',1742581901056,1742581901056);
INSERT INTO "lc_members" VALUES(4,11,'HC-000011','CARD-8011','customer',111,1,NULL,NULL,'{}','{}','{"favourite":"cold brew"}',1742659335454,1742659335454);
INSERT INTO "lc_members" VALUES(4,12,'HC-000012',NULL,'customer',112,1,NULL,'erica.lawson12@example.org','{}','{"name":"Erica Lawson","email":"erica.lawson12@example.org","city":"Falmouth"}','{}',1744038526045,1744038526045);
INSERT INTO "lc_members" VALUES(4,13,'HC-000013','CARD-8013','customer',113,1,NULL,'nathan.bennett13@example.com','{}','{"name":"Nathan Bennett","email":"nathan.bennett13@example.com","city":"Kiel"}','{"favourite":"cortado"}',1745749438091,1751878911531);
INSERT INTO "lc_members" VALUES(4,14,'HC-000014',NULL,'customer',114,1,NULL,'taylor.bailey14@example.net','{}','{"name":"Taylor Bailey","email":"taylor.bailey14@example.net","city":"Málaga"}','{"favourite":"flat white"}',1745819948744,1745819948744);
INSERT INTO "lc_members" VALUES(4,15,'HC-000015','CARD-8015','customer',115,1,NULL,'frank.rogers15@example.org','{}','{"name":"Frank Rogers","email":"frank.rogers15@example.org","city":"Málaga"}','{"favourite":"hot chocolate"}',1747591106181,1747591106181);
INSERT INTO "lc_members" VALUES(4,16,'HC-000016',NULL,'customer',116,1,NULL,'douglas.michael16@example.com','{}','{"name":"Douglas Michael","email":"douglas.michael16@example.com","city":"Bergen"}','{}',1748177306369,1748177306369);
INSERT INTO "lc_members" VALUES(4,17,'HC-000017','CARD-8017','staff',117,1,NULL,'kimberly.holmes17@example.net','{}','{"name":"Kimberly Holmes","email":"kimberly.holmes17@example.net","city":"Falmouth"}','{"favourite":"filter"}',1749267224808,1749267224808);
INSERT INTO "lc_members" VALUES(4,18,'HC-000018',NULL,'customer',118,1,NULL,'krista.frost18@example.org','{}','{"name":"Krista Frost","email":"krista.frost18@example.org","city":"Whitby"}','{"favourite":"flat white"}',1749272439091,1749272439091);
INSERT INTO "lc_members" VALUES(4,19,'HC-000019','CARD-8019','wholesale',119,1,NULL,'wesley.ortiz19@example.com','{}','{"name":"Wesley Ortiz","email":"wesley.ortiz19@example.com","city":"Porto"}','{"favourite":"flat white"}',1749897124875,1749897124875);
INSERT INTO "lc_members" VALUES(4,20,'HC-000020',NULL,'customer',120,1,NULL,'alexandra.delgado20@example.net','{}','{"name":"Alexandra Delgado","email":"alexandra.delgado20@example.net","city":"Bergen"}','{}',1750230389803,1750230389803);
INSERT INTO "lc_members" VALUES(4,21,'HC-000021','CARD-8021','customer',121,1,NULL,'tonya.murphy21@example.org','{}','{"name":"Tonya Murphy","email":"tonya.murphy21@example.org","city":"Galway"}','{"favourite":"espresso"}',1750931966765,1750931966765);
INSERT INTO "lc_members" VALUES(4,22,'HC-000022',NULL,'customer',122,1,NULL,'valerie.cross22@example.com','{}','{"name":"Valerie Cross","email":"valerie.cross22@example.com","city":"Kiel"}','{"favourite":"filter"}',1751268434207,1762720621124);
INSERT INTO "lc_members" VALUES(4,23,'HC-000023','CARD-8023','customer',123,1,NULL,'kimberly.thompson23@example.net','{}','{"name":"Kimberly Thompson","email":"kimberly.thompson23@example.net","city":"Málaga"}','{"favourite":"cold brew"}',1751857518810,1751857518810);
INSERT INTO "lc_members" VALUES(4,24,'HC-000024',NULL,'customer',124,1,NULL,'emily.lowery24@example.org','{}','{"name":"Emily Lowery","email":"emily.lowery24@example.org","city":"Porto"}','{}',1752326980182,1752326980182);
INSERT INTO "lc_members" VALUES(4,25,'HC-000025','CARD-8025','customer',125,1,NULL,'kelly.martin25@example.com','{}','{"name":"Kelly Martin","email":"kelly.martin25@example.com","city":"Whitby"}','{"favourite":"hot chocolate"}',1752787787563,1752787787563);
INSERT INTO "lc_members" VALUES(4,26,'HC-000026',NULL,'customer',126,1,NULL,'katie.davis26@example.net','{}','{"name":"Katie Davis","email":"katie.davis26@example.net","city":"Galway"}','{"favourite":"espresso"}',1752867109662,1752867109662);
INSERT INTO "lc_members" VALUES(4,27,'HC-000027','CARD-8027','customer',127,1,NULL,'cindy.perez27@example.org','{}','{"name":"Cindy Perez","email":"cindy.perez27@example.org","city":"Málaga"}','{"favourite":"hot chocolate"}',1755992702977,1755992702977);
INSERT INTO "lc_members" VALUES(4,28,'HC-000028',NULL,'customer',128,1,NULL,'zachary.keller28@example.com','{}','{"name":"Zachary Keller","email":"zachary.keller28@example.com","city":"Whitby"}','{}',1756026261922,1756026261922);
INSERT INTO "lc_members" VALUES(4,29,'HC-000029','CARD-8029','customer',129,1,NULL,'david.wilson29@example.net','{}','{"name":"David Wilson","email":"david.wilson29@example.net","city":"Kiel"}','{"favourite":"filter"}',1756762072663,1756762072663);
INSERT INTO "lc_members" VALUES(4,30,'HC-000030',NULL,'wholesale',130,1,NULL,'stephanie.simmons30@example.org','{}','{"name":"Stephanie Simmons","email":"stephanie.simmons30@example.org","city":"Trieste"}','{"favourite":"hot chocolate"}',1757783623488,1757783623488);
INSERT INTO "lc_members" VALUES(4,31,'HC-000031','CARD-8031','customer',131,1,NULL,'frances.russell31@example.com','{}','{"name":"Frances Russell","email":"frances.russell31@example.com","city":"Bergen"}','{"favourite":"espresso"}',1758078816130,1765791090497);
INSERT INTO "lc_members" VALUES(4,32,'HC-000032',NULL,'customer',132,1,NULL,'jennifer.atkinson32@example.net','{}','{"name":"Jennifer Atkinson","email":"jennifer.atkinson32@example.net","city":"Galway"}','{}',1758270750918,1758270750918);
INSERT INTO "lc_members" VALUES(4,33,'HC-000033','CARD-8033','customer',133,1,NULL,'samantha.nielsen33@example.org','{}','{"name":"Samantha Nielsen","email":"samantha.nielsen33@example.org","city":"Trieste"}','{"favourite":"cold brew"}',1760604335548,1760604335548);
INSERT INTO "lc_members" VALUES(4,34,'HC-000034',NULL,'customer',134,1,NULL,'charles.stewart34@example.com','{}','{"name":"Charles Stewart","email":"charles.stewart34@example.com","city":"Málaga"}','{"favourite":"espresso"}',1760761006434,1760761006434);
INSERT INTO "lc_members" VALUES(4,35,'HC-000035','CARD-8035','customer',135,1,NULL,'linda.grant35@example.net','{}','{"name":"Linda Grant","email":"linda.grant35@example.net","city":"Falmouth"}','{"favourite":"flat white"}',1761380236158,1761380236158);
INSERT INTO "lc_members" VALUES(4,36,'HC-000036',NULL,'customer',136,1,NULL,'james.adams36@example.org','{}','{"name":"James Adams","email":"james.adams36@example.org","city":"Bergen"}','{}',1761624145379,1761624145379);
INSERT INTO "lc_members" VALUES(4,37,'HC-000037','CARD-8037','customer',137,1,NULL,'ronald.wright37@example.com','{}','{"name":"Ronald Wright","email":"ronald.wright37@example.com","city":"Málaga"}','{"favourite":"cold brew"}',1762019586285,1762019586285);
INSERT INTO "lc_members" VALUES(4,38,'HC-000038',NULL,'customer',138,0,NULL,'cody.smith38@example.net','{}','{"name":"Cody Smith","email":"cody.smith38@example.net","city":"Málaga"}','{"favourite":"flat white"}',1762877958028,1765645165120);
INSERT INTO "lc_members" VALUES(4,39,'HC-000039','CARD-8039','customer',139,1,NULL,'carrie.reilly39@example.org','{}','{"name":"Carrie Reilly","email":"carrie.reilly39@example.org","city":"Falmouth"}','{"favourite":"hot chocolate"}',1764501547487,1764501547487);
INSERT INTO "lc_members" VALUES(4,40,'HC-000040','CARD-8040','wholesale',140,1,NULL,NULL,'{}','{}','{}',1764756059653,1765711531349);
INSERT INTO "lc_members" VALUES(4,41,'HC-000041','CARD-8041','customer',141,1,NULL,'vincent.ray41@example.net','{}','{"name":"Vincent Ray","email":"vincent.ray41@example.net","city":"Galway"}','{"favourite":"flat white"}',1764969978529,1764969978529);
INSERT INTO "lc_members" VALUES(4,42,'HC-000042','CARD-7731','customer',142,1,'BEN-FIELD','ana.stone@example.org','{}','{"name": "Ana Stone", "email": "ana.stone@example.org"}','{"favourite": "filter"}',1765043241973,1768654800099);
INSERT INTO "lc_members" VALUES(4,43,'HC-000043','CARD-8043','staff',143,1,NULL,'ben@example.org','{}','{"name":"Ben Field","email":"ben@example.org","city":"Whitby"}','{"favourite":"cold brew"}',1767069392038,1767069392038);
INSERT INTO "lc_members" VALUES(4,44,'HC-000044',NULL,'customer',144,1,NULL,'lisa.reid44@example.net','{}','{"name":"Lisa Reid","email":"lisa.reid44@example.net","city":"Trieste"}','{}',1767686069763,1767686069763);
INSERT INTO "lc_members" VALUES(5,1,'RF-0001',NULL,'customer',101,1,NULL,'mike.gamble1@example.com','{}','{"name":"Mike Gamble","email":"mike.gamble1@example.com"}','{}',1763006400000,1763006400000);
INSERT INTO "lc_members" VALUES(5,2,'RF-0002',NULL,'customer',102,1,NULL,'matthew.horn2@example.net','{}','{"name":"Matthew Horn","email":"matthew.horn2@example.net"}','{}',1765310400000,1765310400000);
INSERT INTO "lc_members" VALUES(5,3,'RF-0003',NULL,'customer',103,1,NULL,'allen.roy3@example.org','{}','{"name":"Allen Roy","email":"allen.roy3@example.org"}','{}',1767614400000,1767614400000);
INSERT INTO "lc_members" VALUES(4,45,'new-0',NULL,NULL,145,1,NULL,'zoe0@example.org','{}','{"name": "Zo\u00eb 0", "email": "zoe0@example.org", "age": 16}','{}',1768654800094,1768654800094);
INSERT INTO "lc_members" VALUES(4,46,'new-1',NULL,NULL,146,1,NULL,'zoe1@example.org','{}','{"name": "Zo\u00eb 1", "email": "zoe1@example.org", "age": 17}','{}',1768654800095,1768654800095);
INSERT INTO "lc_members" VALUES(4,47,'new-2',NULL,NULL,147,1,NULL,'zoe2@example.org','{}','{"name": "Zo\u00eb 2", "email": "zoe2@example.org", "age": 18}','{}',1768654800096,1768654800096);
INSERT INTO "lc_members" VALUES(4,48,'by-code',NULL,'customer',148,1,'ANA-STONE',NULL,'{}','{}','{}',1768654800097,1768654800097);
CREATE TABLE lc_mission_counts (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	mission_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	amount INTEGER NOT NULL, 
	achieved INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	event_id INTEGER, 
	unique_key VARCHAR(255), 
	fingerprint VARCHAR(64), 
	external_id VARCHAR(255), 
	external_ms INTEGER, 
	description VARCHAR(1024), 
	tags JSON NOT NULL, 
	counter_count INTEGER NOT NULL, 
	progress INTEGER NOT NULL, 
	times_achieved INTEGER NOT NULL, 
	period_achieved INTEGER NOT NULL, 
	available BOOLEAN NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_mission_counts PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_mission_counts_tenant_id_unique_key UNIQUE (tenant_id, unique_key)
);
INSERT INTO "lc_mission_counts" VALUES(4,1,3,2,1,0,0,7,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1738584050447);
INSERT INTO "lc_mission_counts" VALUES(4,2,3,4,1,0,0,15,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1739061712669);
INSERT INTO "lc_mission_counts" VALUES(4,3,3,6,1,0,0,24,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1740069768853);
INSERT INTO "lc_mission_counts" VALUES(4,4,3,8,1,0,0,34,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1740951202443);
INSERT INTO "lc_mission_counts" VALUES(4,5,1,11,1,0,0,50,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1744321878709);
INSERT INTO "lc_mission_counts" VALUES(4,6,1,2,1,0,0,53,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1745041017476);
INSERT INTO "lc_mission_counts" VALUES(4,7,2,2,1,0,0,53,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1745041017476);
INSERT INTO "lc_mission_counts" VALUES(4,8,1,1,1,0,0,76,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1747764316715);
INSERT INTO "lc_mission_counts" VALUES(4,9,1,12,1,0,0,81,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1749042815649);
INSERT INTO "lc_mission_counts" VALUES(4,10,1,8,1,0,0,91,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1749712535741);
INSERT INTO "lc_mission_counts" VALUES(4,11,2,8,1,0,0,91,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1749712535741);
INSERT INTO "lc_mission_counts" VALUES(4,12,1,7,1,0,0,118,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1752723125072);
INSERT INTO "lc_mission_counts" VALUES(4,13,3,13,1,0,0,127,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1753852991896);
INSERT INTO "lc_mission_counts" VALUES(4,14,3,9,1,0,0,150,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1754398280122);
INSERT INTO "lc_mission_counts" VALUES(4,15,3,15,1,0,0,152,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1755131483519);
INSERT INTO "lc_mission_counts" VALUES(4,16,3,1,1,0,0,154,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1755241746526);
INSERT INTO "lc_mission_counts" VALUES(4,17,3,3,1,0,0,156,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1755280563446);
INSERT INTO "lc_mission_counts" VALUES(4,18,3,13,1,1,30,166,NULL,NULL,NULL,NULL,NULL,'[]',2,0,1,1,1,1756217893538);
INSERT INTO "lc_mission_counts" VALUES(4,19,1,28,1,0,0,173,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1756794003308);
INSERT INTO "lc_mission_counts" VALUES(4,20,3,19,1,0,0,181,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1757307091879);
INSERT INTO "lc_mission_counts" VALUES(4,21,1,21,1,0,0,185,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1757467257344);
INSERT INTO "lc_mission_counts" VALUES(4,22,2,21,1,0,0,185,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1757467257344);
INSERT INTO "lc_mission_counts" VALUES(4,23,3,17,1,0,0,190,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1757821288806);
INSERT INTO "lc_mission_counts" VALUES(4,24,3,5,1,0,0,197,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1758213406902);
INSERT INTO "lc_mission_counts" VALUES(4,25,3,11,1,0,0,205,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1759679269773);
INSERT INTO "lc_mission_counts" VALUES(4,26,1,9,1,0,0,215,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1760926518329);
INSERT INTO "lc_mission_counts" VALUES(4,27,3,7,1,0,0,218,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1761271326135);
INSERT INTO "lc_mission_counts" VALUES(4,28,1,21,1,0,0,227,NULL,NULL,NULL,NULL,NULL,'[]',2,2,0,0,1,1762242387046);
INSERT INTO "lc_mission_counts" VALUES(4,29,3,35,1,0,0,232,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1762578560210);
INSERT INTO "lc_mission_counts" VALUES(4,30,1,6,1,0,0,237,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1763249124582);
INSERT INTO "lc_mission_counts" VALUES(4,31,2,6,1,0,0,237,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1763249124582);
INSERT INTO "lc_mission_counts" VALUES(4,32,1,36,1,0,0,256,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1765127361056);
INSERT INTO "lc_mission_counts" VALUES(4,33,3,35,1,1,30,259,NULL,NULL,NULL,NULL,NULL,'[]',2,0,1,1,1,1765351079613);
INSERT INTO "lc_mission_counts" VALUES(4,34,1,42,1,0,0,263,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1765386757775);
INSERT INTO "lc_mission_counts" VALUES(4,35,2,42,1,0,0,263,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1765386757775);
INSERT INTO "lc_mission_counts" VALUES(4,36,1,34,1,0,0,266,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1765410498643);
INSERT INTO "lc_mission_counts" VALUES(4,37,2,34,1,0,0,266,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1765410498643);
INSERT INTO "lc_mission_counts" VALUES(4,38,1,37,1,0,0,273,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1766099511991);
INSERT INTO "lc_mission_counts" VALUES(4,39,1,42,1,0,0,276,NULL,NULL,NULL,NULL,NULL,'[]',2,2,0,0,1,1766417305183);
INSERT INTO "lc_mission_counts" VALUES(4,40,2,42,1,0,0,276,NULL,NULL,NULL,NULL,NULL,'[]',2,2,0,0,1,1766417305183);
INSERT INTO "lc_mission_counts" VALUES(4,41,1,26,1,0,0,280,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1766441874645);
INSERT INTO "lc_mission_counts" VALUES(4,42,3,42,1,0,0,297,NULL,NULL,NULL,NULL,NULL,'[]',1,1,0,0,1,1767367705183);
INSERT INTO "lc_mission_counts" VALUES(4,43,1,42,1,0,0,299,NULL,NULL,NULL,NULL,NULL,'[]',3,3,0,0,1,1767447852591);
INSERT INTO "lc_mission_counts" VALUES(4,44,3,42,1,1,30,326,NULL,NULL,NULL,NULL,NULL,'[]',2,0,1,1,1,1768654800107);
INSERT INTO "lc_mission_counts" VALUES(4,45,3,42,1,0,0,331,NULL,NULL,NULL,NULL,NULL,'[]',3,1,1,1,1,1768654800110);
INSERT INTO "lc_mission_counts" VALUES(4,46,3,42,1,1,30,333,NULL,NULL,NULL,NULL,NULL,'[]',4,0,2,2,0,1768654800112);
INSERT INTO "lc_mission_counts" VALUES(4,47,5,42,1,0,0,NULL,'till-3-000883','81ab7de7bb280c9eca611173a85feff62126beebf86388151eab09e946402dca','receipt-883',1768478280000,'Stamp at the counter','["counter"]',1,1,0,0,1,1768914000141);
INSERT INTO "lc_mission_counts" VALUES(4,48,5,42,2,1,350,NULL,NULL,NULL,NULL,NULL,NULL,'[]',3,0,1,1,1,1768914000143);
CREATE TABLE lc_mission_tags (
	tenant_id INTEGER NOT NULL, 
	tag VARCHAR(255) NOT NULL, 
	mission_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_mission_tags PRIMARY KEY (tenant_id, tag, mission_id)
);
INSERT INTO "lc_mission_tags" VALUES(4,'orders',1);
INSERT INTO "lc_mission_tags" VALUES(4,'orders',2);
INSERT INTO "lc_mission_tags" VALUES(4,'coupons',3);
INSERT INTO "lc_mission_tags" VALUES(4,'orders',4);
INSERT INTO "lc_mission_tags" VALUES(4,'coffee',5);
CREATE TABLE lc_missions (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_id INTEGER NOT NULL, 
	mission_key VARCHAR(255) NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	short_description VARCHAR(1024), 
	description VARCHAR(4096), 
	picture_url VARCHAR(2048), 
	custom_attributes JSON NOT NULL, 
	type VARCHAR(255), 
	audience_id INTEGER, 
	matcher_id INTEGER, 
	tags JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	valid_from_ms INTEGER, 
	valid_to_ms INTEGER, 
	repetition_period VARCHAR(8), 
	period_limit INTEGER, 
	points_accrual INTEGER NOT NULL, 
	ledger_id INTEGER, 
	account_id INTEGER, 
	event_type VARCHAR(64) NOT NULL, 
	max_repetitions INTEGER NOT NULL, 
	goal_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_missions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_missions_tenant_id_code UNIQUE (tenant_id, code), 
	CONSTRAINT uq_lc_missions_tenant_id_mission_key UNIQUE (tenant_id, mission_key)
);
INSERT INTO "lc_missions" VALUES(4,1,1,'ten-orders','ten-orders','Ten orders','Every tenth order gives points.',NULL,'https://img.example.org/missions/ten-orders.png','{}','standing',NULL,NULL,'["orders"]',1,NULL,NULL,NULL,NULL,100,1,1,'member-purchase-order-confirmed',50,10,1736943000000,1736943000000);
INSERT INTO "lc_missions" VALUES(4,2,1,'bean-counter','bean-counter','Bean counter','Harbour espresso in three orders, once a month.',NULL,'https://img.example.org/missions/bean-counter.png','{}','standing',NULL,1,'["orders"]',1,NULL,NULL,'month',1,60,1,1,'member-purchase-order-confirmed',12,3,1736943000000,1736943000000);
INSERT INTO "lc_missions" VALUES(4,3,1,'coupon-fan','coupon-fan','Coupon fan','Use two coupons.',NULL,'https://img.example.org/missions/coupon-fan.png','{}','standing',NULL,NULL,'["coupons"]',1,NULL,NULL,'month',2,30,1,1,'coupon-code-used',6,2,1736943000000,1736943000000);
INSERT INTO "lc_missions" VALUES(4,4,1,'a-cold-one-for-a-change','cold-season','A cold one for a change','A cold drink between the spring tides.',NULL,'https://img.example.org/missions/cold-season.png','{}','standing',1,2,'["orders"]',1,1747310400000,1757678400000,NULL,NULL,40,1,1,'member-purchase-order-confirmed',1,1,1736943000000,1736943000000);
INSERT INTO "lc_missions" VALUES(4,5,1,'three-coffees','THREE-COFFEES','Three coffees','Three orders make a free one',NULL,'https://img.example.org/missions/coffee.png','{"colour": "brown"}','stamp-card',NULL,NULL,'["coffee"]',1,1767225600000,1798761599999,'month',2,350,NULL,NULL,'member-purchase-order-confirmed',20,3,1768914000139,1768914000140);
CREATE TABLE lc_order_points (
	tenant_id INTEGER NOT NULL, 
	order_id INTEGER NOT NULL, 
	transaction_id VARCHAR(32) NOT NULL, 
	ledger_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	month_ms INTEGER NOT NULL, 
	spend INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	taken INTEGER NOT NULL, 
	CONSTRAINT pk_lc_order_points PRIMARY KEY (tenant_id, order_id, transaction_id)
);
INSERT INTO "lc_order_points" VALUES(4,1,'5',1,1,1,1743465600000,668000,668,0);
INSERT INTO "lc_order_points" VALUES(4,1,'6',1,2,2,1743465600000,668000,668,0);
INSERT INTO "lc_order_points" VALUES(4,2,'7',1,1,1,1743465600000,388000,388,0);
INSERT INTO "lc_order_points" VALUES(4,2,'8',1,2,2,1743465600000,388000,388,0);
INSERT INTO "lc_order_points" VALUES(4,3,'16',1,1,1,1746057600000,696000,696,0);
INSERT INTO "lc_order_points" VALUES(4,3,'17',1,2,2,1746057600000,696000,696,0);
INSERT INTO "lc_order_points" VALUES(4,4,'18',1,1,1,1748736000000,105000,105,0);
INSERT INTO "lc_order_points" VALUES(4,4,'19',1,2,2,1748736000000,105000,105,0);
INSERT INTO "lc_order_points" VALUES(4,5,'22',1,1,1,1748736000000,547000,547,0);
INSERT INTO "lc_order_points" VALUES(4,5,'23',1,2,2,1748736000000,547000,547,0);
INSERT INTO "lc_order_points" VALUES(4,6,'31',1,1,1,1751328000000,182000,182,91);
INSERT INTO "lc_order_points" VALUES(4,6,'32',1,2,2,1751328000000,182000,182,91);
INSERT INTO "lc_order_points" VALUES(4,7,'38',1,1,1,1756684800000,234000,234,0);
INSERT INTO "lc_order_points" VALUES(4,7,'39',1,2,2,1756684800000,234000,234,0);
INSERT INTO "lc_order_points" VALUES(4,8,'43',1,1,1,1756684800000,150000,150,0);
INSERT INTO "lc_order_points" VALUES(4,8,'44',1,2,2,1756684800000,150000,150,0);
INSERT INTO "lc_order_points" VALUES(4,9,'52',1,1,1,1759276800000,228000,228,0);
INSERT INTO "lc_order_points" VALUES(4,9,'53',1,2,2,1759276800000,228000,228,0);
INSERT INTO "lc_order_points" VALUES(4,10,'55',1,1,1,1761955200000,52000,52,0);
INSERT INTO "lc_order_points" VALUES(4,10,'56',1,2,2,1761955200000,52000,52,0);
INSERT INTO "lc_order_points" VALUES(4,11,'57',1,1,1,1761955200000,172000,172,0);
INSERT INTO "lc_order_points" VALUES(4,11,'58',1,2,2,1761955200000,172000,172,0);
INSERT INTO "lc_order_points" VALUES(4,12,'64',1,1,1,1764547200000,663000,663,0);
INSERT INTO "lc_order_points" VALUES(4,12,'65',1,2,2,1764547200000,663000,663,0);
INSERT INTO "lc_order_points" VALUES(4,13,'67',1,1,1,1764547200000,500000,500,0);
INSERT INTO "lc_order_points" VALUES(4,13,'68',1,2,2,1764547200000,500000,500,0);
INSERT INTO "lc_order_points" VALUES(4,14,'69',1,1,1,1764547200000,151000,151,0);
INSERT INTO "lc_order_points" VALUES(4,14,'70',1,2,2,1764547200000,151000,151,0);
INSERT INTO "lc_order_points" VALUES(4,15,'71',1,1,1,1764547200000,135000,135,0);
INSERT INTO "lc_order_points" VALUES(4,15,'72',1,2,2,1764547200000,135000,135,0);
INSERT INTO "lc_order_points" VALUES(4,16,'73',1,1,1,1764547200000,700000,700,0);
INSERT INTO "lc_order_points" VALUES(4,16,'74',1,2,2,1764547200000,700000,700,0);
INSERT INTO "lc_order_points" VALUES(4,17,'75',1,1,1,1764547200000,54000,54,0);
INSERT INTO "lc_order_points" VALUES(4,17,'76',1,2,2,1764547200000,54000,54,0);
INSERT INTO "lc_order_points" VALUES(4,18,'83',1,1,1,1767225600000,200000,200,0);
INSERT INTO "lc_order_points" VALUES(4,18,'84',1,2,2,1767225600000,200000,200,0);
CREATE TABLE lc_organizations (
	tenant_id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096) NOT NULL, 
	picture_url VARCHAR(2048) NOT NULL, 
	default_program_id INTEGER, 
	default_locale VARCHAR(35) NOT NULL, 
	locales JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_organizations PRIMARY KEY (tenant_id)
);
INSERT INTO "lc_organizations" VALUES(4,'Harbour Coffee','Coffee roasted on the pier.','https://img.example.org/harbour/logo.png',1,'en','["en", "es"]','{"region": "south"}',1736942400000,1768654800074);
INSERT INTO "lc_organizations" VALUES(5,'Old Town Roastery','Where the harbour''s beans are roasted.','',1,'en','["en", "it"]','{}',1760702400000,1760702400000);
CREATE TABLE lc_partnerships (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	partner_alias VARCHAR(50) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_partnerships PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_partnerships_tenant_id_partner_alias UNIQUE (tenant_id, partner_alias)
);
INSERT INTO "lc_partnerships" VALUES(4,1,'roastery',1768478400000);
INSERT INTO "lc_partnerships" VALUES(5,1,'demo',1768478400000);
CREATE TABLE lc_portal_names (
	public_id VARCHAR(255) NOT NULL, 
	tenant_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_portal_names PRIMARY KEY (public_id)
);
INSERT INTO "lc_portal_names" VALUES('harbour-club',4);
INSERT INTO "lc_portal_names" VALUES('1ufsncwqz1',4);
INSERT INTO "lc_portal_names" VALUES('y6mat7v91l',4);
CREATE TABLE lc_portals (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	public_id VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	program_id INTEGER, 
	links JSON NOT NULL, 
	theme JSON NOT NULL, 
	forms JSON NOT NULL, 
	metadata JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	auth_redirect_url VARCHAR(2048), 
	auth_valid_scopes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_portals PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_portals_tenant_id_public_id UNIQUE (tenant_id, public_id)
);
INSERT INTO "lc_portals" VALUES(4,1,'harbour-club','Harbour Club online',1,1,'{"help":"https://harbour.example.org/help"}','{"primaryColor":"#1d3557"}','{"signUp":["name","email"]}','{"languages":2}','{}','https://club.example.org/signed-in','["openid","profile"]',1736942404000,1768654800081);
INSERT INTO "lc_portals" VALUES(4,2,'1ufsncwqz1','Roasters Circle online',1,2,'{"help":"https://harbour.example.org/help"}','{"primaryColor":"#6b4226"}','{}','{}','{}','https://roasters.example.org/signed-in','["openid"]',1736942404000,1736942404000);
INSERT INTO "lc_portals" VALUES(4,3,'y6mat7v91l','Roasters Circle online',1,2,'{"help": "https://harbour.example.org/help"}','{"primaryColor": "#6b4226"}','{}','{}','{}','https://roasters.example.org/signed-in','["openid"]',1768654800080,1768654800080);
CREATE TABLE lc_programs (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096) NOT NULL, 
	active BOOLEAN NOT NULL, 
	ledger_id INTEGER NOT NULL, 
	main_account_id INTEGER, 
	tier_account_id INTEGER, 
	main_portal_id INTEGER, 
	default_tier_id INTEGER, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_programs PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_programs_tenant_id_program_key UNIQUE (tenant_id, program_key)
);
INSERT INTO "lc_programs" VALUES(4,1,'main','Harbour Club','A point for each ten cents spent.',1,1,1,2,1,1,1736942400000,1736942400000);
INSERT INTO "lc_programs" VALUES(4,2,'roasters-circle','Roasters Circle','For those who roast at home.',1,2,3,NULL,2,5,1736942402000,1736942402000);
INSERT INTO "lc_programs" VALUES(5,1,'main','Friends of the roastery','A point for each bag.',1,1,1,1,NULL,1,1760702400000,1760702400000);
CREATE TABLE lc_purchase_orders (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	program_id INTEGER, 
	external_id VARCHAR(255) NOT NULL, 
	external_ms INTEGER, 
	description TEXT, 
	type VARCHAR(255) NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	total INTEGER NOT NULL, 
	discounted_total INTEGER, 
	items JSON NOT NULL, 
	tags JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_purchase_orders PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_purchase_orders_tenant_id_external_id UNIQUE (tenant_id, external_id)
);
INSERT INTO "lc_purchase_orders" VALUES(4,1,11,1,'receipt-20001',1744321758709,NULL,'online','confirmed',668000,NULL,'[{"sku":"cold-brew","name":"Cold brew","productCategoryCode":"cold-drinks","quantity":2,"price":4.2},{"sku":"dripper","name":"A dripper and papers","productCategoryCode":"brewing-gear","quantity":1,"price":58.4}]','["online"]','{"locationCode":"webshop"}',1744321878709,1744321878709);
INSERT INTO "lc_purchase_orders" VALUES(4,2,2,1,'receipt-20002',1745040897476,NULL,'online','confirmed',388000,NULL,'[{"sku":"espresso","name":"Espresso","productCategoryCode":"hot-drinks","quantity":2,"price":2.4},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":34.0}]','["online"]','{"locationCode":"app"}',1745041017476,1745041017476);
INSERT INTO "lc_purchase_orders" VALUES(4,3,1,1,'receipt-20003',1747764196715,NULL,'sale','confirmed',696000,NULL,'[{"sku":"carrot-cake","name":"Carrot cake","productCategoryCode":"cakes","quantity":2,"price":4.8},{"sku":"house-beans","name":"House beans, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":60.0}]','["counter"]','{"locationCode":"old-town-counter"}',1747764316715,1747764316715);
INSERT INTO "lc_purchase_orders" VALUES(4,4,12,1,'receipt-20004',1749042695649,NULL,'sale','confirmed',105000,NULL,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"pastries","name":"Pastries","productCategoryCode":"cakes","quantity":1,"price":3.5}]','["counter"]','{"locationCode":"pier-counter"}',1749042815649,1749042815649);
INSERT INTO "lc_purchase_orders" VALUES(4,5,8,1,'receipt-20005',1749689435741,NULL,'online','confirmed',547000,NULL,'[{"sku":"cold-brew","name":"Cold brew","productCategoryCode":"cold-drinks","quantity":2,"price":4.2},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":46.3}]','["online"]','{"locationCode":"webshop"}',1749689555741,1749712535741);
INSERT INTO "lc_purchase_orders" VALUES(4,6,7,1,'receipt-20006',1752723005072,NULL,'online','partially-returned',91000,NULL,'[{"sku":"espresso","name":"Espresso","productCategoryCode":"hot-drinks","quantity":2,"price":2.4},{"sku":"house-beans","name":"House beans, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":13.4}]','["online"]','{"locationCode":"app"}',1752723125072,1755295449567);
INSERT INTO "lc_purchase_orders" VALUES(4,7,28,1,'receipt-20007',1756793883308,NULL,'sale','confirmed',234000,NULL,'[{"sku":"carrot-cake","name":"Carrot cake","productCategoryCode":"cakes","quantity":2,"price":4.8},{"sku":"dripper","name":"A dripper and papers","productCategoryCode":"brewing-gear","quantity":1,"price":13.8}]','["counter"]','{"locationCode":"old-town-counter"}',1756794003308,1756794003308);
INSERT INTO "lc_purchase_orders" VALUES(4,8,21,1,'receipt-20008',1757467137344,NULL,'sale','confirmed',170000,150000,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":10.0}]','["counter"]','{"locationCode":"pier-counter"}',1757467257344,1757467257344);
INSERT INTO "lc_purchase_orders" VALUES(4,9,9,1,'receipt-20009',1760926398329,NULL,'online','confirmed',228000,NULL,'[{"sku":"cold-brew","name":"Cold brew","productCategoryCode":"cold-drinks","quantity":2,"price":4.2},{"sku":"house-beans","name":"House beans, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":14.4}]','["online"]','{"locationCode":"webshop"}',1760926518329,1760926518329);
INSERT INTO "lc_purchase_orders" VALUES(4,10,21,1,'receipt-20010',1762242267046,NULL,'online','confirmed',52000,NULL,'[{"sku":"espresso","name":"Espresso","productCategoryCode":"hot-drinks","quantity":1,"price":2.4},{"sku":"pastries","name":"Pastries","productCategoryCode":"cakes","quantity":1,"price":2.8}]','["online"]','{"locationCode":"app"}',1762242387046,1762242387046);
INSERT INTO "lc_purchase_orders" VALUES(4,11,6,1,'receipt-20011',1763249004582,NULL,'sale','confirmed',172000,NULL,'[{"sku":"carrot-cake","name":"Carrot cake","productCategoryCode":"cakes","quantity":2,"price":4.8},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":7.6}]','["counter"]','{"locationCode":"old-town-counter"}',1763249124582,1763249124582);
INSERT INTO "lc_purchase_orders" VALUES(4,12,36,1,'receipt-20012',1765127241056,NULL,'sale','confirmed',663000,NULL,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"house-beans","name":"House beans, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":59.3}]','["counter"]','{"locationCode":"pier-counter"}',1765127361056,1765127361056);
INSERT INTO "lc_purchase_orders" VALUES(4,13,42,1,'receipt-20013',1765386637775,NULL,'online','confirmed',500000,NULL,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":43.0}]','["online"]','{"locationCode":"webshop"}',1765386757775,1765386757775);
INSERT INTO "lc_purchase_orders" VALUES(4,14,34,1,'receipt-20014',1765410378643,NULL,'online','confirmed',151000,NULL,'[{"sku":"espresso","name":"Espresso","productCategoryCode":"hot-drinks","quantity":2,"price":2.4},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":10.3}]','["online"]','{"locationCode":"app"}',1765410498643,1765410498643);
INSERT INTO "lc_purchase_orders" VALUES(4,15,37,1,'receipt-20015',1766099391991,NULL,'sale','confirmed',135000,NULL,'[{"sku":"carrot-cake","name":"Carrot cake","productCategoryCode":"cakes","quantity":1,"price":4.8},{"sku":"house-beans","name":"House beans, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":8.7}]','["counter"]','{"locationCode":"old-town-counter"}',1766099511991,1766099511991);
INSERT INTO "lc_purchase_orders" VALUES(4,16,42,1,'receipt-20016',1766417185183,NULL,'sale','confirmed',700000,NULL,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"harbour-beans","name":"Harbour espresso, by weight","productCategoryCode":"coffee-beans","quantity":1,"price":63.0}]','["counter"]','{"locationCode":"pier-counter"}',1766417305183,1766417305183);
INSERT INTO "lc_purchase_orders" VALUES(4,17,26,1,'receipt-20017',1766441754645,NULL,'online','confirmed',54000,NULL,'[{"sku":"cold-brew","name":"Cold brew","productCategoryCode":"cold-drinks","quantity":1,"price":4.2},{"sku":"pastries","name":"Pastries","productCategoryCode":"cakes","quantity":1,"price":1.2}]','["online"]','{"locationCode":"webshop"}',1766441874645,1766441874645);
INSERT INTO "lc_purchase_orders" VALUES(4,18,42,1,'receipt-20018',1767447732591,NULL,'online','confirmed',200000,NULL,'[{"sku":"flat-white","name":"Flat white","productCategoryCode":"hot-drinks","quantity":2,"price":3.5},{"sku":"dripper","name":"A dripper and papers","productCategoryCode":"brewing-gear","quantity":1,"price":13.0}]','["online"]','{"locationCode":"app"}',1767447852591,1767447852591);
CREATE TABLE lc_referral_codes (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	referral_program_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	code VARCHAR(255) NOT NULL, 
	referred_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_referral_codes PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_referral_codes_tenant_id_code UNIQUE (tenant_id, code)
);
INSERT INTO "lc_referral_codes" VALUES(4,1,1,5,'JOSEPH-LE',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,2,1,10,'PAMELA-RAY',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,3,1,15,'FRANK-ROGERS',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,4,1,20,'ALEXANDRA-DELGADO',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,5,1,25,'KELLY-MARTIN',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,6,1,30,'STEPHANIE-SIMMONS',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,7,1,35,'LINDA-GRANT',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,8,1,40,'FRIEND',0,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,9,1,42,'ANA-STONE',1,1765216041973);
INSERT INTO "lc_referral_codes" VALUES(4,10,1,43,'BEN-FIELD',0,1767155792038);
INSERT INTO "lc_referral_codes" VALUES(4,11,2,43,'BEN-1',0,1768914000145);
INSERT INTO "lc_referral_codes" VALUES(4,12,2,43,'BEN-2',0,1768914000145);
CREATE TABLE lc_referral_programs (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_id INTEGER, 
	code VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(4096), 
	picture_url VARCHAR(2048), 
	custom_attributes JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	valid_from_ms INTEGER, 
	valid_to_ms INTEGER, 
	max_per_code INTEGER NOT NULL, 
	max_per_referrer INTEGER NOT NULL, 
	max_per_referred INTEGER NOT NULL, 
	audience_id INTEGER, 
	tags JSON NOT NULL, 
	event_type VARCHAR(255) NOT NULL, 
	referrer_points INTEGER NOT NULL, 
	referrer_ledger_id INTEGER, 
	referrer_account_id INTEGER, 
	referred_points INTEGER NOT NULL, 
	referred_ledger_id INTEGER, 
	referred_account_id INTEGER, 
	referred_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_referral_programs PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_referral_programs_tenant_id_code UNIQUE (tenant_id, code)
);
INSERT INTO "lc_referral_programs" VALUES(4,1,1,'bring-a-friend','Bring a friend','Points for both, with the first order of the friend.',NULL,'{}',1,1765129641973,NULL,12,20,1,NULL,'["friends"]','member-purchase-order-confirmed',100,1,1,50,1,1,1,1765129641973,1765129641973);
INSERT INTO "lc_referral_programs" VALUES(4,2,1,'FRIENDS','Bring a friend','Points for both with the first order',NULL,'{}',1,1767225600000,NULL,50,10,1,NULL,'["friends"]','member-purchase-order-confirmed',500,NULL,NULL,250,NULL,NULL,0,1768914000144,1768914000144);
CREATE TABLE lc_referrals (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	referral_program_id INTEGER NOT NULL, 
	code_id INTEGER NOT NULL, 
	referrer_id INTEGER NOT NULL, 
	referred_id INTEGER NOT NULL, 
	referrer_points INTEGER NOT NULL, 
	referred_points INTEGER NOT NULL, 
	paid_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_referrals PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_referrals_tenant_id_referred_id UNIQUE (tenant_id, referred_id)
);
INSERT INTO "lc_referrals" VALUES(4,1,1,9,42,48,0,0,NULL,1768654800097);
CREATE TABLE lc_referrers (
	tenant_id INTEGER NOT NULL, 
	referral_program_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	code_count INTEGER NOT NULL, 
	referred_count INTEGER NOT NULL, 
	paid_count INTEGER NOT NULL, 
	referrer_points INTEGER NOT NULL, 
	referred_points INTEGER NOT NULL, 
	last_referred_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_referrers PRIMARY KEY (tenant_id, referral_program_id, member_id)
);
INSERT INTO "lc_referrers" VALUES(4,1,5,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,10,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,15,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,20,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,25,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,30,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,35,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,40,1,0,0,0,0,NULL,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,42,1,1,0,0,0,1768654800097,1765216041973);
INSERT INTO "lc_referrers" VALUES(4,1,43,1,0,0,0,0,NULL,1767155792038);
INSERT INTO "lc_referrers" VALUES(4,2,43,2,0,0,0,0,NULL,1768914000145);
CREATE TABLE lc_survey_answers (
	tenant_id INTEGER NOT NULL, 
	survey_id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	score INTEGER NOT NULL, 
	answered_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_survey_answers PRIMARY KEY (tenant_id, survey_id, member_id)
);
INSERT INTO "lc_survey_answers" VALUES(4,1,1,6,1767389479378);
INSERT INTO "lc_survey_answers" VALUES(4,1,9,7,1763209008674);
INSERT INTO "lc_survey_answers" VALUES(4,1,17,9,1764711494520);
INSERT INTO "lc_survey_answers" VALUES(4,1,25,6,1763722323207);
INSERT INTO "lc_survey_answers" VALUES(4,1,33,7,1767648989671);
INSERT INTO "lc_survey_answers" VALUES(4,1,41,8,1768317858779);
CREATE TABLE lc_surveys (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_surveys PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_surveys" VALUES(4,1,'Would you recommend Harbour Coffee?',1758110400000);
CREATE TABLE lc_tier_changes (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	member_id INTEGER NOT NULL, 
	program_id INTEGER NOT NULL, 
	tier_id INTEGER, 
	tier_key VARCHAR(255), 
	expires_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_tier_changes PRIMARY KEY (tenant_id, id)
);
INSERT INTO "lc_tier_changes" VALUES(4,1,1,1,1,'member',NULL,1738352063285);
INSERT INTO "lc_tier_changes" VALUES(4,2,2,1,1,'member',NULL,1738573781009);
INSERT INTO "lc_tier_changes" VALUES(4,3,3,1,1,'member',NULL,1738607960809);
INSERT INTO "lc_tier_changes" VALUES(4,4,4,1,1,'member',NULL,1738747273255);
INSERT INTO "lc_tier_changes" VALUES(4,5,5,1,1,'member',NULL,1739462588187);
INSERT INTO "lc_tier_changes" VALUES(4,6,6,1,1,'member',NULL,1739824603700);
INSERT INTO "lc_tier_changes" VALUES(4,7,7,1,1,'member',NULL,1740149642257);
INSERT INTO "lc_tier_changes" VALUES(4,8,8,1,1,'member',NULL,1740800715840);
INSERT INTO "lc_tier_changes" VALUES(4,9,9,1,1,'member',NULL,1741653225582);
INSERT INTO "lc_tier_changes" VALUES(4,10,1,2,5,'taster',NULL,1741724572751);
INSERT INTO "lc_tier_changes" VALUES(4,11,10,1,1,'member',NULL,1742581901056);
INSERT INTO "lc_tier_changes" VALUES(4,12,11,1,1,'member',NULL,1742659335454);
INSERT INTO "lc_tier_changes" VALUES(4,13,10,2,5,'taster',NULL,1742817745431);
INSERT INTO "lc_tier_changes" VALUES(4,14,12,1,1,'member',NULL,1744038526045);
INSERT INTO "lc_tier_changes" VALUES(4,15,13,1,1,'member',NULL,1745749438091);
INSERT INTO "lc_tier_changes" VALUES(4,16,14,1,1,'member',NULL,1745819948744);
INSERT INTO "lc_tier_changes" VALUES(4,17,4,2,5,'taster',NULL,1747421523428);
INSERT INTO "lc_tier_changes" VALUES(4,18,1,2,6,'roaster',NULL,1747462748915);
INSERT INTO "lc_tier_changes" VALUES(4,19,13,2,5,'taster',NULL,1747589888151);
INSERT INTO "lc_tier_changes" VALUES(4,20,15,1,1,'member',NULL,1747591106181);
INSERT INTO "lc_tier_changes" VALUES(4,21,16,1,1,'member',NULL,1748177306369);
INSERT INTO "lc_tier_changes" VALUES(4,22,17,1,1,'member',NULL,1749267224808);
INSERT INTO "lc_tier_changes" VALUES(4,23,18,1,1,'member',NULL,1749272439091);
INSERT INTO "lc_tier_changes" VALUES(4,24,19,1,1,'member',NULL,1749897124875);
INSERT INTO "lc_tier_changes" VALUES(4,25,20,1,1,'member',NULL,1750230389803);
INSERT INTO "lc_tier_changes" VALUES(4,26,21,1,1,'member',NULL,1750931966765);
INSERT INTO "lc_tier_changes" VALUES(4,27,22,1,1,'member',NULL,1751268434207);
INSERT INTO "lc_tier_changes" VALUES(4,28,23,1,1,'member',NULL,1751857518810);
INSERT INTO "lc_tier_changes" VALUES(4,29,24,1,1,'member',NULL,1752326980182);
INSERT INTO "lc_tier_changes" VALUES(4,30,25,1,1,'member',NULL,1752787787563);
INSERT INTO "lc_tier_changes" VALUES(4,31,26,1,1,'member',NULL,1752867109662);
INSERT INTO "lc_tier_changes" VALUES(4,32,27,1,1,'member',NULL,1755992702977);
INSERT INTO "lc_tier_changes" VALUES(4,33,28,1,1,'member',NULL,1756026261922);
INSERT INTO "lc_tier_changes" VALUES(4,34,29,1,1,'member',NULL,1756762072663);
INSERT INTO "lc_tier_changes" VALUES(4,35,7,2,5,'taster',NULL,1757269095036);
INSERT INTO "lc_tier_changes" VALUES(4,36,25,2,5,'taster',NULL,1757371798124);
INSERT INTO "lc_tier_changes" VALUES(4,37,30,1,1,'member',NULL,1757783623488);
INSERT INTO "lc_tier_changes" VALUES(4,38,31,1,1,'member',NULL,1758078816130);
INSERT INTO "lc_tier_changes" VALUES(4,39,1,2,5,'taster',NULL,1758089948915);
INSERT INTO "lc_tier_changes" VALUES(4,40,32,1,1,'member',NULL,1758270750918);
INSERT INTO "lc_tier_changes" VALUES(4,41,19,2,5,'taster',NULL,1759851428365);
INSERT INTO "lc_tier_changes" VALUES(4,42,33,1,1,'member',NULL,1760604335548);
INSERT INTO "lc_tier_changes" VALUES(4,43,34,1,1,'member',NULL,1760761006434);
INSERT INTO "lc_tier_changes" VALUES(4,44,35,1,1,'member',NULL,1761380236158);
INSERT INTO "lc_tier_changes" VALUES(4,45,36,1,1,'member',NULL,1761624145379);
INSERT INTO "lc_tier_changes" VALUES(4,46,37,1,1,'member',NULL,1762019586285);
INSERT INTO "lc_tier_changes" VALUES(4,47,35,1,3,'skipper',1774094400000,1762412266256);
INSERT INTO "lc_tier_changes" VALUES(4,48,38,1,1,'member',NULL,1762877958028);
INSERT INTO "lc_tier_changes" VALUES(4,49,31,2,5,'taster',NULL,1764202030570);
INSERT INTO "lc_tier_changes" VALUES(4,50,39,1,1,'member',NULL,1764501547487);
INSERT INTO "lc_tier_changes" VALUES(4,51,40,1,1,'member',NULL,1764756059653);
INSERT INTO "lc_tier_changes" VALUES(4,52,41,1,1,'member',NULL,1764969978529);
INSERT INTO "lc_tier_changes" VALUES(4,53,42,1,1,'member',NULL,1765043241973);
INSERT INTO "lc_tier_changes" VALUES(4,54,42,1,2,'mate',NULL,1766417305183);
INSERT INTO "lc_tier_changes" VALUES(4,55,33,1,2,'mate',NULL,1766924799448);
INSERT INTO "lc_tier_changes" VALUES(4,56,43,1,1,'member',NULL,1767069392038);
INSERT INTO "lc_tier_changes" VALUES(4,57,2,1,2,'mate',NULL,1767662522615);
INSERT INTO "lc_tier_changes" VALUES(4,58,44,1,1,'member',NULL,1767686069763);
INSERT INTO "lc_tier_changes" VALUES(4,59,42,1,2,'mate',1800014400000,1768134884197);
INSERT INTO "lc_tier_changes" VALUES(5,1,1,1,1,'member',NULL,1763006400000);
INSERT INTO "lc_tier_changes" VALUES(5,2,2,1,1,'member',NULL,1765310400000);
INSERT INTO "lc_tier_changes" VALUES(5,3,3,1,1,'member',NULL,1767614400000);
INSERT INTO "lc_tier_changes" VALUES(4,60,45,1,1,'member',NULL,1768654800094);
INSERT INTO "lc_tier_changes" VALUES(4,61,46,1,1,'member',NULL,1768654800095);
INSERT INTO "lc_tier_changes" VALUES(4,62,47,1,1,'member',NULL,1768654800096);
INSERT INTO "lc_tier_changes" VALUES(4,63,48,1,1,'member',NULL,1768654800097);
CREATE TABLE lc_tiers (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	program_id INTEGER NOT NULL, 
	tier_key VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	active BOOLEAN NOT NULL, 
	min_required_points INTEGER NOT NULL, 
	tier_order INTEGER NOT NULL, 
	picture_url VARCHAR(2048), 
	custom_attributes JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_tiers PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_tiers_tenant_id_tier_key UNIQUE (tenant_id, tier_key)
);
INSERT INTO "lc_tiers" VALUES(4,1,1,'member','Member',1,0,0,NULL,'{}',1736942400000,1736942400000);
INSERT INTO "lc_tiers" VALUES(4,2,1,'mate','Mate',1,1000,2,'https://img.example.org/tiers/mate.png','{"freeRefills":1}',1736942402000,1736942402000);
INSERT INTO "lc_tiers" VALUES(4,3,1,'skipper','Skipper',1,2500,3,'https://img.example.org/tiers/skipper.png','{"freeRefills":5}',1736942402000,1736942402000);
INSERT INTO "lc_tiers" VALUES(4,4,1,'harbour-master','Harbour master',1,4000,4,NULL,'{"freeRefills":20,"tastings":true}',1736942402000,1736942402000);
INSERT INTO "lc_tiers" VALUES(4,5,2,'taster','Taster',1,0,1,NULL,'{}',1736942402000,1736942402000);
INSERT INTO "lc_tiers" VALUES(4,6,2,'roaster','Roaster',1,5,2,NULL,'{"beansOfTheMonth":true}',1736942402000,1736942402000);
INSERT INTO "lc_tiers" VALUES(5,1,1,'member','Member',1,0,0,NULL,'{}',1768478400000,1768478400000);
CREATE TABLE lc_transaction_tags (
	tenant_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	tag VARCHAR(255) NOT NULL, 
	transaction_id INTEGER NOT NULL, 
	CONSTRAINT pk_lc_transaction_tags PRIMARY KEY (tenant_id, account_id, tag, transaction_id)
);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',1);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',3);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',4);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'tasting',9);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',10);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'reward',12);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',13);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',14);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',15);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',20);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',24);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'tasting',25);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',26);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'budget',30);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'reward',34);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'tasting',40);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',41);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',42);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'reward',48);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',49);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',50);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'tasting',59);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'reward',60);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',61);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',62);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',77);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',79);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',81);
INSERT INTO "lc_transaction_tags" VALUES(4,3,'counter',82);
INSERT INTO "lc_transaction_tags" VALUES(4,1,'till',85);
INSERT INTO "lc_transaction_tags" VALUES(5,1,'shop',1);
INSERT INTO "lc_transaction_tags" VALUES(5,1,'shop',2);
INSERT INTO "lc_transaction_tags" VALUES(5,1,'shop',3);
CREATE TABLE lc_transactions (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	ledger_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	amount INTEGER NOT NULL, 
	captured_amount INTEGER, 
	from_wallet_id INTEGER, 
	to_wallet_id INTEGER, 
	capture_method VARCHAR(8) NOT NULL, 
	reverts_id INTEGER, 
	unique_key VARCHAR(255), 
	fingerprint VARCHAR(64), 
	set_id INTEGER, 
	external_id VARCHAR(255), 
	external_ms INTEGER, 
	description VARCHAR(1024), 
	tags JSON NOT NULL, 
	lots JSON, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_transactions PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_transactions_tenant_id_unique_key UNIQUE (tenant_id, unique_key)
);
INSERT INTO "lc_transactions" VALUES(4,1,1,1,'mint','posted',324,324,NULL,103,'auto',NULL,'pos-2-000001','58dacdd6ecee15d75cf925dc5a70da5c1d57876e491f0126442616229e102170',NULL,'till-2-000001',1740580616098,NULL,'["till"]',NULL,1740580736098,1740580736098);
INSERT INTO "lc_transactions" VALUES(4,2,1,2,'mint','posted',324,324,NULL,103,'auto',NULL,NULL,NULL,NULL,'till-2-000001',1740580616098,NULL,'[]',NULL,1740580736098,1740580736098);
INSERT INTO "lc_transactions" VALUES(4,3,2,3,'mint','posted',2,2,NULL,101,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[5,1752265372751,2]]',1741724572751,1741724572751);
INSERT INTO "lc_transactions" VALUES(4,4,2,3,'mint','posted',1,1,NULL,110,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[7,1753358545431,1]]',1742817745431,1742817745431);
INSERT INTO "lc_transactions" VALUES(4,5,1,1,'mint','posted',668,668,NULL,111,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1744321878709,1744321878709);
INSERT INTO "lc_transactions" VALUES(4,6,1,2,'mint','posted',668,668,NULL,111,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1744321878709,1744321878709);
INSERT INTO "lc_transactions" VALUES(4,7,1,1,'mint','posted',388,388,NULL,102,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1745041017476,1745041017476);
INSERT INTO "lc_transactions" VALUES(4,8,1,2,'mint','posted',388,388,NULL,102,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1745041017476,1745041017476);
INSERT INTO "lc_transactions" VALUES(4,9,1,1,'mint','posted',30,30,NULL,108,'auto',NULL,NULL,NULL,NULL,'campaign/tastings',NULL,'Thank you for tasting','["tasting"]',NULL,1745607600000,1745607600000);
INSERT INTO "lc_transactions" VALUES(4,10,1,1,'mint','posted',833,833,NULL,113,'auto',NULL,'pos-3-000010','4a5740ff93664471a9144c336a858ffcebf8ce65e7fb5b70d9324d6d73a2b3b3',NULL,'till-3-000010',1746371826966,NULL,'["till"]',NULL,1746371946966,1746371946966);
INSERT INTO "lc_transactions" VALUES(4,11,1,2,'mint','posted',833,833,NULL,113,'auto',NULL,NULL,NULL,NULL,'till-3-000010',1746371826966,NULL,'[]',NULL,1746371946966,1746371946966);
INSERT INTO "lc_transactions" VALUES(4,12,1,1,'burn','posted',75,75,103,NULL,'manual',NULL,NULL,NULL,NULL,NULL,NULL,'A cake to share','["reward"]',NULL,1747329080283,1748534609170);
INSERT INTO "lc_transactions" VALUES(4,13,2,3,'mint','posted',1,1,NULL,104,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[17,1758048723428,1]]',1747421523428,1747421523428);
INSERT INTO "lc_transactions" VALUES(4,14,2,3,'mint','posted',3,3,NULL,101,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[19,1758089948915,3]]',1747462748915,1747462748915);
INSERT INTO "lc_transactions" VALUES(4,15,2,3,'mint','posted',3,3,NULL,113,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[21,1758217088151,3]]',1747589888151,1747589888151);
INSERT INTO "lc_transactions" VALUES(4,16,1,1,'mint','posted',696,696,NULL,101,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1747764316715,1747764316715);
INSERT INTO "lc_transactions" VALUES(4,17,1,2,'mint','posted',696,696,NULL,101,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1747764316715,1747764316715);
INSERT INTO "lc_transactions" VALUES(4,18,1,1,'mint','posted',105,105,NULL,112,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1749042815649,1749042815649);
INSERT INTO "lc_transactions" VALUES(4,19,1,2,'mint','posted',105,105,NULL,112,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1749042815649,1749042815649);
INSERT INTO "lc_transactions" VALUES(4,20,1,1,'mint','posted',200,200,NULL,105,'auto',NULL,NULL,NULL,NULL,'till-1-000020',1749689435741,NULL,'["till"]',NULL,1749689555741,1749689555741);
INSERT INTO "lc_transactions" VALUES(4,21,1,2,'mint','posted',200,200,NULL,105,'auto',NULL,NULL,NULL,NULL,'till-1-000020',1749689435741,NULL,'[]',NULL,1749689555741,1749689555741);
INSERT INTO "lc_transactions" VALUES(4,22,1,1,'mint','posted',547,547,NULL,108,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1749712535741,1749712535741);
INSERT INTO "lc_transactions" VALUES(4,23,1,2,'mint','posted',547,547,NULL,108,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1749712535741,1749712535741);
INSERT INTO "lc_transactions" VALUES(4,24,2,3,'mint','posted',2,2,NULL,101,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[32,1761736881588,2]]',1751196081588,1751196081588);
INSERT INTO "lc_transactions" VALUES(4,25,1,1,'mint','posted',30,30,NULL,118,'auto',NULL,NULL,NULL,NULL,'campaign/tastings',NULL,'Thank you for tasting','["tasting"]',NULL,1751655600000,1751655600000);
INSERT INTO "lc_transactions" VALUES(4,26,1,1,'mint','posted',51,51,NULL,112,'auto',NULL,'pos-3-000026','96b8509a5ffa4071e1639b6b9c451eb503a7b24d0fbf355422ba55c8c60fc2ad',NULL,'till-3-000026',1751703444279,NULL,'["till"]',NULL,1751703564279,1751703564279);
INSERT INTO "lc_transactions" VALUES(4,27,1,2,'mint','posted',51,51,NULL,112,'auto',NULL,NULL,NULL,NULL,'till-3-000026',1751703444279,NULL,'[]',NULL,1751703564279,1751703564279);
INSERT INTO "lc_transactions" VALUES(4,28,2,3,'expiry','posted',2,2,101,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1752265372751,1752265372751);
INSERT INTO "lc_transactions" VALUES(4,29,1,1,'burn','posted',60,60,113,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Coupon of A cup on the house','[]',NULL,1752668074505,1752668074505);
INSERT INTO "lc_transactions" VALUES(4,30,2,3,'supply-increase','posted',1500,1500,NULL,NULL,'auto',NULL,'supply-second-shop','68c654e5034ba181516eec863fca8cb83da6ee7c917953607c4a14e680d64ccc',NULL,NULL,NULL,'For the second shop','["budget"]',NULL,1752710400000,1752710400000);
INSERT INTO "lc_transactions" VALUES(4,31,1,1,'mint','posted',182,182,NULL,107,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1752723125072,1752723125072);
INSERT INTO "lc_transactions" VALUES(4,32,1,2,'mint','posted',182,182,NULL,107,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1752723125072,1752723125072);
INSERT INTO "lc_transactions" VALUES(4,33,2,3,'expiry','posted',1,1,110,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1753358545431,1753358545431);
INSERT INTO "lc_transactions" VALUES(4,34,1,1,'burn','posted',40,40,103,NULL,'manual',NULL,NULL,NULL,NULL,NULL,NULL,'A cookie','["reward"]',NULL,1754374092586,1754817271120);
INSERT INTO "lc_transactions" VALUES(4,35,1,1,'burn','posted',91,91,107,NULL,'auto',NULL,NULL,NULL,35,'receipt-20006',NULL,'Taken back: the order was cancelled or returned.','[]',NULL,1755295449567,1755295449567);
INSERT INTO "lc_transactions" VALUES(4,36,1,2,'burn','posted',91,91,107,NULL,'auto',NULL,NULL,NULL,35,'receipt-20006',NULL,'Taken back: the order was cancelled or returned.','[]',NULL,1755295449567,1755295449567);
INSERT INTO "lc_transactions" VALUES(4,37,1,1,'mint','posted',30,30,NULL,113,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Mission coupon-fan','[]',NULL,1756217893538,1756217893538);
INSERT INTO "lc_transactions" VALUES(4,38,1,1,'mint','posted',234,234,NULL,128,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1756794003308,1756794003308);
INSERT INTO "lc_transactions" VALUES(4,39,1,2,'mint','posted',234,234,NULL,128,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1756794003308,1756794003308);
INSERT INTO "lc_transactions" VALUES(4,40,1,1,'mint','posted',30,30,NULL,127,'auto',NULL,NULL,NULL,NULL,'campaign/tastings',NULL,'Thank you for tasting','["tasting"]',NULL,1756839600000,1756839600000);
INSERT INTO "lc_transactions" VALUES(4,41,2,3,'mint','posted',3,3,NULL,107,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[51,1767809895036,3]]',1757269095036,1757269095036);
INSERT INTO "lc_transactions" VALUES(4,42,2,3,'mint','posted',3,3,NULL,125,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[53,1767912598124,3]]',1757371798124,1757371798124);
INSERT INTO "lc_transactions" VALUES(4,43,1,1,'mint','posted',150,150,NULL,121,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1757467257344,1757467257344);
INSERT INTO "lc_transactions" VALUES(4,44,1,2,'mint','posted',150,150,NULL,121,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1757467257344,1757467257344);
INSERT INTO "lc_transactions" VALUES(4,45,2,3,'expiry','posted',1,1,104,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1758048723428,1758048723428);
INSERT INTO "lc_transactions" VALUES(4,46,2,3,'expiry','posted',3,3,101,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1758089948915,1758089948915);
INSERT INTO "lc_transactions" VALUES(4,47,2,3,'expiry','posted',3,3,113,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1758217088151,1758217088151);
INSERT INTO "lc_transactions" VALUES(4,48,1,1,'burn','posted',25,25,112,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Oat milk','["reward"]',NULL,1759168655362,1759168655362);
INSERT INTO "lc_transactions" VALUES(4,49,2,3,'mint','posted',2,2,NULL,119,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[61,1770478628365,2]]',1759851428365,1759851428365);
INSERT INTO "lc_transactions" VALUES(4,50,1,1,'mint','posted',128,128,NULL,107,'auto',NULL,'pos-3-000050','1d8be17e2ac4f01f5cabdaa125cf637304be8b7c55c31a310e84e5799d104d4f',NULL,'till-3-000050',1760547713393,NULL,'["till"]',NULL,1760547833393,1760547833393);
INSERT INTO "lc_transactions" VALUES(4,51,1,2,'mint','posted',128,128,NULL,107,'auto',NULL,NULL,NULL,NULL,'till-3-000050',1760547713393,NULL,'[]',NULL,1760547833393,1760547833393);
INSERT INTO "lc_transactions" VALUES(4,52,1,1,'mint','posted',228,228,NULL,109,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1760926518329,1760926518329);
INSERT INTO "lc_transactions" VALUES(4,53,1,2,'mint','posted',228,228,NULL,109,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1760926518329,1760926518329);
INSERT INTO "lc_transactions" VALUES(4,54,2,3,'expiry','posted',2,2,101,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1761736881588,1761736881588);
INSERT INTO "lc_transactions" VALUES(4,55,1,1,'mint','posted',52,52,NULL,121,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1762242387046,1762242387046);
INSERT INTO "lc_transactions" VALUES(4,56,1,2,'mint','posted',52,52,NULL,121,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1762242387046,1762242387046);
INSERT INTO "lc_transactions" VALUES(4,57,1,1,'mint','posted',172,172,NULL,106,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1763249124582,1763249124582);
INSERT INTO "lc_transactions" VALUES(4,58,1,2,'mint','posted',172,172,NULL,106,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1763249124582,1763249124582);
INSERT INTO "lc_transactions" VALUES(4,59,1,1,'mint','posted',30,30,NULL,101,'auto',NULL,NULL,NULL,NULL,'campaign/tastings',NULL,'Thank you for tasting','["tasting"]',NULL,1763751600000,1763751600000);
INSERT INTO "lc_transactions" VALUES(4,60,1,1,'burn','posted',40,40,103,NULL,'manual',NULL,NULL,NULL,NULL,NULL,NULL,'A cookie','["reward"]',NULL,1763851550983,1764991569227);
INSERT INTO "lc_transactions" VALUES(4,61,2,3,'mint','posted',3,3,NULL,131,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[74,1774570030570,3]]',1764202030570,1764202030570);
INSERT INTO "lc_transactions" VALUES(4,62,1,1,'mint','posted',849,849,NULL,133,'auto',NULL,'pos-3-000062','8d12b0276804c0f679c3da17da3d3457002acea80bf8b7fe3343d01e82505714',NULL,'till-3-000062',1764807182423,NULL,'["till"]',NULL,1764807302423,1764807302423);
INSERT INTO "lc_transactions" VALUES(4,63,1,2,'mint','posted',849,849,NULL,133,'auto',NULL,NULL,NULL,NULL,'till-3-000062',1764807182423,NULL,'[]',NULL,1764807302423,1764807302423);
INSERT INTO "lc_transactions" VALUES(4,64,1,1,'mint','posted',663,663,NULL,136,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1765127361056,1765127361056);
INSERT INTO "lc_transactions" VALUES(4,65,1,2,'mint','posted',663,663,NULL,136,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1765127361056,1765127361056);
INSERT INTO "lc_transactions" VALUES(4,66,1,1,'mint','posted',30,30,NULL,135,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Mission coupon-fan','[]',NULL,1765351079613,1765351079613);
INSERT INTO "lc_transactions" VALUES(4,67,1,1,'mint','posted',500,500,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1765386757775,1765386757775);
INSERT INTO "lc_transactions" VALUES(4,68,1,2,'mint','posted',500,500,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1765386757775,1765386757775);
INSERT INTO "lc_transactions" VALUES(4,69,1,1,'mint','posted',151,151,NULL,134,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1765410498643,1765410498643);
INSERT INTO "lc_transactions" VALUES(4,70,1,2,'mint','posted',151,151,NULL,134,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1765410498643,1765410498643);
INSERT INTO "lc_transactions" VALUES(4,71,1,1,'mint','posted',135,135,NULL,137,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1766099511991,1766099511991);
INSERT INTO "lc_transactions" VALUES(4,72,1,2,'mint','posted',135,135,NULL,137,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1766099511991,1766099511991);
INSERT INTO "lc_transactions" VALUES(4,73,1,1,'mint','posted',700,700,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1766417305183,1766417305183);
INSERT INTO "lc_transactions" VALUES(4,74,1,2,'mint','posted',700,700,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1766417305183,1766417305183);
INSERT INTO "lc_transactions" VALUES(4,75,1,1,'mint','posted',54,54,NULL,126,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1766441874645,1766441874645);
INSERT INTO "lc_transactions" VALUES(4,76,1,2,'mint','posted',54,54,NULL,126,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1766441874645,1766441874645);
INSERT INTO "lc_transactions" VALUES(4,77,1,1,'mint','posted',561,561,NULL,133,'auto',NULL,'pos-2-000077','e633b29bac64dee643cc7dce14f3a9ddbd55bc2a6d2c7c49c95ef5cf5b9319c5',NULL,'till-2-000077',1766924679448,NULL,'["till"]',NULL,1766924799448,1766924799448);
INSERT INTO "lc_transactions" VALUES(4,78,1,2,'mint','posted',561,561,NULL,133,'auto',NULL,NULL,NULL,NULL,'till-2-000077',1766924679448,NULL,'[]',NULL,1766924799448,1766924799448);
INSERT INTO "lc_transactions" VALUES(4,79,1,1,'mint','posted',625,625,NULL,122,'auto',NULL,'pos-4-000079','0b682c821eb8a76529734bcc09aff250560237d525bf7d1e7ce8c95c8d7c9861',NULL,'till-4-000079',1767106413407,NULL,'["till"]',NULL,1767106533407,1767106533407);
INSERT INTO "lc_transactions" VALUES(4,80,1,2,'mint','posted',625,625,NULL,122,'auto',NULL,NULL,NULL,NULL,'till-4-000079',1767106413407,NULL,'[]',NULL,1767106533407,1767106533407);
INSERT INTO "lc_transactions" VALUES(4,81,2,3,'mint','posted',3,3,NULL,101,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[96,1777620227286,3]]',1767252227286,1767252227286);
INSERT INTO "lc_transactions" VALUES(4,82,2,3,'mint','posted',1,1,NULL,104,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'["counter"]','[[98,1777673936207,1]]',1767305936207,1767305936207);
INSERT INTO "lc_transactions" VALUES(4,83,1,1,'mint','posted',200,200,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/points-for-coffee',NULL,NULL,'[]',NULL,1767447852591,1767447852591);
INSERT INTO "lc_transactions" VALUES(4,84,1,2,'mint','posted',200,200,NULL,142,'auto',NULL,NULL,NULL,NULL,'campaign/status-for-coffee',NULL,NULL,'[]',NULL,1767447852591,1767447852591);
INSERT INTO "lc_transactions" VALUES(4,85,1,1,'mint','posted',773,773,NULL,102,'auto',NULL,'pos-2-000085','62a5a707eec9939b673917d74f20c02e2fddba83dacf993551dd6d97225efd89',NULL,'till-2-000085',1767662402615,NULL,'["till"]',NULL,1767662522615,1767662522615);
INSERT INTO "lc_transactions" VALUES(4,86,1,2,'mint','posted',773,773,NULL,102,'auto',NULL,NULL,NULL,NULL,'till-2-000085',1767662402615,NULL,'[]',NULL,1767662522615,1767662522615);
INSERT INTO "lc_transactions" VALUES(4,87,1,1,'burn','posted',180,180,142,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'A bag of beans','[]',NULL,1767791368394,1767791368394);
INSERT INTO "lc_transactions" VALUES(4,88,2,3,'expiry','posted',3,3,107,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1767809895036,1767809895036);
INSERT INTO "lc_transactions" VALUES(4,89,2,3,'expiry','posted',3,3,125,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]',NULL,1767912598124,1767912598124);
INSERT INTO "lc_transactions" VALUES(4,90,1,1,'burn','pending',180,NULL,142,NULL,'manual',NULL,NULL,NULL,NULL,NULL,NULL,'A bag of beans','[]',NULL,1768471200000,1768471200000);
INSERT INTO "lc_transactions" VALUES(5,1,1,1,'mint','posted',2,2,NULL,101,'auto',NULL,'sale-0001','9735b195cb325d522754a25177c189a9363b3f78a9938644a81ebce8e621a8ec',NULL,NULL,NULL,'Bags so far','["shop"]',NULL,1763010000000,1763010000000);
INSERT INTO "lc_transactions" VALUES(5,2,1,1,'mint','posted',3,3,NULL,102,'auto',NULL,'sale-0002','7c3cd9a58d379d9c88b645ee25b2c83878af4a97f8fd116b598dc1a97325a2a7',NULL,NULL,NULL,'Bags so far','["shop"]',NULL,1765314000000,1765314000000);
INSERT INTO "lc_transactions" VALUES(5,3,1,1,'mint','posted',4,4,NULL,103,'auto',NULL,'sale-0003','278197fe5b036a7ce6162f30f8fee49ee8c125f1e2d1f3d546f09781186a51c8',NULL,NULL,NULL,'Bags so far','["shop"]',NULL,1767618000000,1767618000000);
INSERT INTO "lc_transactions" VALUES(4,91,1,1,'mint','posted',30,30,NULL,142,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Mission coupon-fan','[]',NULL,1768654800107,1768654800107);
INSERT INTO "lc_transactions" VALUES(4,92,1,1,'mint','posted',30,30,NULL,142,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Mission coupon-fan','[]',NULL,1768654800112,1768654800112);
INSERT INTO "lc_transactions" VALUES(4,93,1,1,'burn','posted',60,60,142,NULL,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Coupon of A cup on the house','[]',NULL,1768654800113,1768654800113);
INSERT INTO "lc_transactions" VALUES(4,94,1,1,'mint','posted',350,350,NULL,142,'auto',NULL,NULL,NULL,NULL,NULL,NULL,'Mission THREE-COFFEES','[]',NULL,1768914000143,1768914000143);
CREATE TABLE lc_users (
	tenant_id INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	user_name VARCHAR(255) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	taken_name VARCHAR(255), 
	taken_email VARCHAR(960), 
	email_is_verified BOOLEAN NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	nickname VARCHAR(255) NOT NULL, 
	search TEXT NOT NULL, 
	picture_url VARCHAR(2048) NOT NULL, 
	active BOOLEAN NOT NULL, 
	is_system_admin BOOLEAN NOT NULL, 
	is_admin BOOLEAN NOT NULL, 
	roles JSON NOT NULL, 
	pending_provisioning BOOLEAN NOT NULL, 
	password_hash VARCHAR(255) NOT NULL, 
	password_is_temporary BOOLEAN NOT NULL, 
	is_api_user BOOLEAN NOT NULL, 
	auth_client_id VARCHAR(255) NOT NULL, 
	organizations JSON NOT NULL, 
	custom_attributes JSON NOT NULL, 
	deleted_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_lc_users PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_lc_users_tenant_id_taken_email UNIQUE (tenant_id, taken_email), 
	CONSTRAINT uq_lc_users_tenant_id_taken_name UNIQUE (tenant_id, taken_name), 
	CONSTRAINT uq_lc_users_tenant_id_user_id UNIQUE (tenant_id, user_id)
);
INSERT INTO "lc_users" VALUES(4,1,'7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11','mara','mara@example.org','mara','mara@example.org',1,'Mara Quinn','Mara','mara
mara quinn
mara
mara@example.org','https://img.example.org/people/mara.png',1,0,0,'["members:read","members:write","tiers:read"]',0,'$argon2id$v=19$m=8,t=1,p=1$PODEoZr5uRyDi8tBbYjXLA$1hXI0A6mDgVbL7rE8nZQBiBvcc+la0cd1B0cf7a2S9A',1,0,'harbour-backoffice','["1"]','{"desk":"pier"}',NULL,1736942405000,1736942405000);
INSERT INTO "lc_users" VALUES(4,2,'4fd94e36-a396-40ba-bf93-465d7e6c2289','theo','theo@example.org','theo','theo@example.org',1,'Theo Marsh','Theo','theo
theo marsh
theo
theo@example.org','https://img.example.org/people/theo.png',1,0,1,'[]',0,'$argon2id$v=19$m=8,t=1,p=1$9vAen0h0XJyE4+a+hIPyFQ$WMAMNWVgYud9x75mnF7Zd0eGuAur2Rj1FK9OFcDHac8',0,0,'harbour-backoffice','["1"]','{}',NULL,1736942410000,1736942410000);
INSERT INTO "lc_users" VALUES(4,3,'094a91c6-fccb-4916-ba7a-7d5394aa534f','ines','ines@example.org','ines','ines@example.org',1,'Ines Duarte','Ines','ines
ines duarte
ines
ines@example.org','https://img.example.org/people/ines.png',1,0,0,'["ledgers:read","members:read","orders:read","campaigns:read"]',0,'$argon2id$v=19$m=8,t=1,p=1$vbMVSxhU9iB6yDEN1jWWHw$SqommpznogUXZRLGqjVlMAwZCtQj+hIF7xeyLQVJUaU',0,0,'harbour-backoffice','["1"]','{}',NULL,1736942415000,1736942415000);
INSERT INTO "lc_users" VALUES(4,4,'033011c7-8e14-4179-97fb-14e377ed5e78','till','till@example.org','till','till@example.org',0,'Till bridge','Till','till
till bridge
till
till@example.org','https://img.example.org/people/till.png',1,0,0,'["ledgers:write","members:read"]',0,'$argon2id$v=19$m=8,t=1,p=1$LoCQ2H56nZFvDomYWfbYxg$jD2oxWphLbadGmgVvo2SbP1WpWTO9Zuyq9hSn5SDxlE',0,1,'harbour-tills','["1"]','{}',NULL,1736942420000,1736942420000);
INSERT INTO "lc_users" VALUES(4,5,'bcb2e2f7-0332-4b30-9457-6799049de442','olaf','olaf@example.org','olaf','olaf@example.org',1,'Olaf Brandt','Olaf','olaf
olaf brandt
olaf
olaf@example.org','https://img.example.org/people/olaf.png',0,0,0,'["users:read"]',0,'$argon2id$v=19$m=8,t=1,p=1$SC+nXQoYmAXxHzXKSSK23g$zaYHTL80ZUG+3NI0wEjdx1NYl1wrEt3kwvs9MsCUOuw',0,0,'harbour-backoffice','["1"]','{}',NULL,1736942425000,1736942425000);
INSERT INTO "lc_users" VALUES(4,6,'9cbc5ca6-6413-46ae-a0ba-1c18fa42c627','nora','nora@example.org',NULL,NULL,1,'Mara Quinn-Lopez','Mara','nora
mara quinn-lopez
mara
nora@example.org','https://img.example.org/people/mara.png',0,0,0,'["members:read", "ledgers:read"]',0,'$argon2id$v=19$m=8,t=1,p=1$e+v3WHrYxj0X4/ZeAvuGJg$MEu1vlq4gMdL9xiJO6gaj/COPZQO/OmZU2l1/LC+Cww',0,0,'harbour-backoffice','["1"]','{"desk": "pier"}',1768654800079,1768654800075,1768654800078);
CREATE TABLE leat_contacts (
	tenant_id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	email VARCHAR(320), 
	folded_email VARCHAR(320), 
	firstname VARCHAR(255), 
	lastname VARCHAR(255), 
	referral_code VARCHAR(8) NOT NULL, 
	identifier VARCHAR(255), 
	transaction_count INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	updated_ms INTEGER NOT NULL, 
	CONSTRAINT pk_leat_contacts PRIMARY KEY (tenant_id, uuid), 
	CONSTRAINT uq_leat_contacts_tenant_id_folded_email UNIQUE (tenant_id, folded_email), 
	CONSTRAINT uq_leat_contacts_tenant_id_identifier UNIQUE (tenant_id, identifier), 
	CONSTRAINT uq_leat_contacts_tenant_id_number UNIQUE (tenant_id, number), 
	CONSTRAINT uq_leat_contacts_tenant_id_referral_code UNIQUE (tenant_id, referral_code)
);
INSERT INTO "leat_contacts" VALUES(3,'77ea72ee-ae65-47c9-9b2a-a85d4416be94',1043,'jennifer.fisher1@example.net','jennifer.fisher1@example.net','Jennifer','Fisher','7Y38F5YT','8546055802562',4,1756194384974,1767284599473);
INSERT INTO "leat_contacts" VALUES(3,'afca1426-21fd-44b8-a7d9-d12ea27bf500',1044,'allison.li2@example.com','allison.li2@example.com','Allison','Li','2YAK5AHP',NULL,0,1760001672413,1767621635110);
INSERT INTO "leat_contacts" VALUES(3,'0a7db155-87ed-4454-8695-5204f2bfe84e',1045,'tina.sherman3@example.net','tina.sherman3@example.net','Tina','Sherman','YNA6QMRZ',NULL,1,1761163721128,1767241829261);
INSERT INTO "leat_contacts" VALUES(3,'f20fb26e-b036-4e25-9b5c-b66f18eaad03',1046,'adrian.larsen4@example.net','adrian.larsen4@example.net','Adrian','Larsen','L4U3YHXN',NULL,5,1764202551939,1767621635110);
INSERT INTO "leat_contacts" VALUES(3,'f78088cc-1eac-49c2-85d0-3b7462fcb63a',1047,'christina.salinas5@example.com','christina.salinas5@example.com','Christina','Salinas','G5RHJC8X','9048809277225',6,1764714778651,1767894650309);
INSERT INTO "leat_contacts" VALUES(3,'619be84b-7320-4fce-bbbe-fcbd9cd24e98',1048,'aaron.taylor6@example.com','aaron.taylor6@example.com','Aaron','Taylor','W3BK8TT6',NULL,7,1765202013108,1767996515159);
INSERT INTO "leat_contacts" VALUES(3,'6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',1042,'ana@example.org','ana@example.org','Ana','Stone','ANAST7NE','4006381333931',7,1768305600000,1768478400034);
INSERT INTO "leat_contacts" VALUES(3,'6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',1049,'ben@example.org','ben@example.org','Ben','Okafor','LR865EJW',NULL,7,1768392000000,1768478400036);
INSERT INTO "leat_contacts" VALUES(3,'9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1179649,'kim@example.net','kim@example.net',NULL,NULL,'FD8XJTLL',NULL,6,1768478400029,1768478400035);
CREATE TABLE leat_credit_receptions (
	tenant_id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	contact_uuid VARCHAR(36) NOT NULL, 
	shop_uuid VARCHAR(36) NOT NULL, 
	credits INTEGER NOT NULL, 
	unit_value DOUBLE, 
	unit_name VARCHAR(64), 
	identifier VARCHAR(255), 
	pos_transaction_id VARCHAR(255), 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_leat_credit_receptions PRIMARY KEY (tenant_id, uuid)
);
INSERT INTO "leat_credit_receptions" VALUES(3,'bb53ec36-93f7-4e44-b532-cbbcbc968051','77ea72ee-ae65-47c9-9b2a-a85d4416be94','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',47,47.56,'purchase_amount','8546055802562','till-2-622426',1758622426820);
INSERT INTO "leat_credit_receptions" VALUES(3,'967f76cf-d999-4521-889c-4fff21f3c843','77ea72ee-ae65-47c9-9b2a-a85d4416be94','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',89,89.89,'purchase_amount','8546055802562','till-5-808781',1760808781790);
INSERT INTO "leat_credit_receptions" VALUES(3,'3209b7c7-0ca9-4165-8fed-c9aca8746393','77ea72ee-ae65-47c9-9b2a-a85d4416be94','13ac4cc1-3522-4dfc-ae4a-a821e5090108',106,106.82,'purchase_amount','8546055802562','till-4-988264',1762988264706);
INSERT INTO "leat_credit_receptions" VALUES(3,'9c442d47-a1e7-4286-80be-816555c9f718','0a7db155-87ed-4454-8695-5204f2bfe84e','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',115,115.05,'purchase_amount',NULL,'till-2-288426',1763288426252);
INSERT INTO "leat_credit_receptions" VALUES(3,'f88fc93a-8987-4d5d-b8ee-f413eb0c1b15','f20fb26e-b036-4e25-9b5c-b66f18eaad03','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',15,15.07,'purchase_amount',NULL,'till-5-817676',1764817676613);
INSERT INTO "leat_credit_receptions" VALUES(3,'9c5bdb10-2e11-4618-b8a5-84d8f69c1571','77ea72ee-ae65-47c9-9b2a-a85d4416be94','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',37,37.76,'purchase_amount','8546055802562','till-1-825932',1764825932873);
INSERT INTO "leat_credit_receptions" VALUES(3,'647e120f-8d2b-40e2-b89c-a7cf2bf05a0c','f78088cc-1eac-49c2-85d0-3b7462fcb63a','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',118,118.69,'purchase_amount','9048809277225','till-5-137696',1765137696215);
INSERT INTO "leat_credit_receptions" VALUES(3,'a3612a0e-6a94-47ae-a772-f606c7012b0e','f20fb26e-b036-4e25-9b5c-b66f18eaad03','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',55,55.35,'purchase_amount',NULL,'till-4-493717',1765493717934);
INSERT INTO "leat_credit_receptions" VALUES(3,'ea564700-c9a9-42aa-bc09-4a027f22e5d1','619be84b-7320-4fce-bbbe-fcbd9cd24e98','13ac4cc1-3522-4dfc-ae4a-a821e5090108',19,19.87,'purchase_amount',NULL,'till-4-525972',1765525972157);
INSERT INTO "leat_credit_receptions" VALUES(3,'09ffbc4e-2afc-43a7-b99b-7405bf98883e','f78088cc-1eac-49c2-85d0-3b7462fcb63a','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',62,62.12,'purchase_amount','9048809277225','till-1-702061',1765702061528);
INSERT INTO "leat_credit_receptions" VALUES(3,'ab5db78d-5eb8-4cd4-99b7-25339f32977b','619be84b-7320-4fce-bbbe-fcbd9cd24e98','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',92,92.86,'purchase_amount',NULL,'till-4-862334',1765862334903);
INSERT INTO "leat_credit_receptions" VALUES(3,'e2bcd09a-e428-4016-816d-548fbf9f2c7a','f20fb26e-b036-4e25-9b5c-b66f18eaad03','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',29,29.52,'purchase_amount',NULL,'till-5-075937',1766075937808);
INSERT INTO "leat_credit_receptions" VALUES(3,'87f37a3c-76e9-4b19-9010-1b3c237e639b','f78088cc-1eac-49c2-85d0-3b7462fcb63a','13ac4cc1-3522-4dfc-ae4a-a821e5090108',85,85.97,'purchase_amount','9048809277225','till-2-114180',1766114180397);
INSERT INTO "leat_credit_receptions" VALUES(3,'9a0eebed-8431-41e6-bd49-0fd931ffb79c','619be84b-7320-4fce-bbbe-fcbd9cd24e98','13ac4cc1-3522-4dfc-ae4a-a821e5090108',82,82.86,'purchase_amount',NULL,'till-3-232371',1766232371170);
INSERT INTO "leat_credit_receptions" VALUES(3,'4bc23102-4e0d-4969-9c6e-082af9cebc1b','f78088cc-1eac-49c2-85d0-3b7462fcb63a','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',78,78.43,'purchase_amount','9048809277225','till-4-668899',1766668899565);
INSERT INTO "leat_credit_receptions" VALUES(3,'2ca203c3-41df-49d7-85c6-5aecfc2c078b','619be84b-7320-4fce-bbbe-fcbd9cd24e98','13ac4cc1-3522-4dfc-ae4a-a821e5090108',58,58.57,'purchase_amount',NULL,'till-4-761888',1766761888939);
INSERT INTO "leat_credit_receptions" VALUES(3,'83b36fba-97f8-4378-825d-71cc55f2c39f','f20fb26e-b036-4e25-9b5c-b66f18eaad03','13ac4cc1-3522-4dfc-ae4a-a821e5090108',59,59.21,'purchase_amount',NULL,'till-1-919560',1766919560245);
INSERT INTO "leat_credit_receptions" VALUES(3,'dd5328fd-67c1-45a3-b9e0-3f4962f0ee46','619be84b-7320-4fce-bbbe-fcbd9cd24e98','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',14,14.88,'purchase_amount',NULL,'till-4-241829',1767241829261);
INSERT INTO "leat_credit_receptions" VALUES(3,'7f76142f-2954-4da9-a98c-a4dae76c553c','f78088cc-1eac-49c2-85d0-3b7462fcb63a','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',105,105.7,'purchase_amount','9048809277225','till-1-284599',1767284599473);
INSERT INTO "leat_credit_receptions" VALUES(3,'b9abaa21-f1c2-444f-adfb-ec618d645870','f20fb26e-b036-4e25-9b5c-b66f18eaad03','13ac4cc1-3522-4dfc-ae4a-a821e5090108',36,36.44,'purchase_amount',NULL,'till-2-621635',1767621635110);
INSERT INTO "leat_credit_receptions" VALUES(3,'1a78dde1-0012-4169-bcf9-3d25442fb856','619be84b-7320-4fce-bbbe-fcbd9cd24e98','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',15,15.06,'purchase_amount',NULL,'till-1-634450',1767634450228);
INSERT INTO "leat_credit_receptions" VALUES(3,'8934d4a2-8fc3-4eb3-954a-ce2125a722d6','f78088cc-1eac-49c2-85d0-3b7462fcb63a','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',70,70.3,'purchase_amount','9048809277225','till-1-894650',1767894650309);
INSERT INTO "leat_credit_receptions" VALUES(3,'faffdbe1-e0ca-47d2-8cdd-c5ed85f0adf8','619be84b-7320-4fce-bbbe-fcbd9cd24e98','13ac4cc1-3522-4dfc-ae4a-a821e5090108',43,43.96,'purchase_amount',NULL,'till-4-996515',1767996515159);
INSERT INTO "leat_credit_receptions" VALUES(3,'3443783c-40b3-4a8b-a90c-8c1a4ecc685c','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',40,NULL,NULL,'4006381333931','till-2-318969',1768318969921);
INSERT INTO "leat_credit_receptions" VALUES(3,'0a08d15c-b588-477f-b4bc-26e1d36f9bcd','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',50,NULL,NULL,'4006381333931','till-2-342995',1768342995264);
INSERT INTO "leat_credit_receptions" VALUES(3,'8bf4764c-f17e-4c8a-9656-6b239b3085ba','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',30,NULL,NULL,'4006381333931','till-1-368580',1768368580660);
INSERT INTO "leat_credit_receptions" VALUES(3,'eeec6e66-b03c-4393-a019-5865648a4a91','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',60,NULL,NULL,'4006381333931','till-4-390600',1768390600879);
INSERT INTO "leat_credit_receptions" VALUES(3,'0092190b-6c19-4c1e-b7c3-5fc4ba743810','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',24,24.96,'purchase_amount',NULL,'till-4-399058',1768399058058);
INSERT INTO "leat_credit_receptions" VALUES(3,'6ba95c9f-0c54-4f06-b641-f57d496ab3b3','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',45,NULL,NULL,'4006381333931','till-3-412960',1768412960935);
INSERT INTO "leat_credit_receptions" VALUES(3,'0b02fa11-7616-4440-832f-33df6ea41069','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',95,95.68,'purchase_amount',NULL,'till-3-412965',1768412965346);
INSERT INTO "leat_credit_receptions" VALUES(3,'9e3aa8bd-7c9c-4012-a4f0-c85b68742192','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',5,5.87,'purchase_amount',NULL,'till-1-423598',1768423598674);
INSERT INTO "leat_credit_receptions" VALUES(3,'558d0837-2aa0-49f6-ae43-cbf48ca24a93','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','13ac4cc1-3522-4dfc-ae4a-a821e5090108',55,NULL,NULL,'4006381333931','till-1-429321',1768429321724);
INSERT INTO "leat_credit_receptions" VALUES(3,'93210962-e3b4-46a3-a755-2d59ff7c9978','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',14,14.93,'purchase_amount',NULL,'till-1-435409',1768435409971);
INSERT INTO "leat_credit_receptions" VALUES(3,'e502289e-d7b7-460c-8245-ce879fb36ada','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','13ac4cc1-3522-4dfc-ae4a-a821e5090108',34,34.36,'purchase_amount',NULL,'till-1-449980',1768449980598);
INSERT INTO "leat_credit_receptions" VALUES(3,'8977b637-f6d6-4745-94d4-1f1a9802d622','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','13ac4cc1-3522-4dfc-ae4a-a821e5090108',40,NULL,NULL,'4006381333931','till-5-453322',1768453322434);
INSERT INTO "leat_credit_receptions" VALUES(3,'1d7e20e6-6d97-4fae-9ca7-2f6db1dfffb8','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','13ac4cc1-3522-4dfc-ae4a-a821e5090108',59,59.55,'purchase_amount',NULL,'till-1-464335',1768464335709);
INSERT INTO "leat_credit_receptions" VALUES(3,'e075bc04-2c9c-4fc5-8387-8b51095dfa69','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',3,3.0,'purchase_amount',NULL,NULL,1768478400030);
INSERT INTO "leat_credit_receptions" VALUES(3,'03f37d20-a62b-43cf-a79a-886a69bbf911','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',3,3.25,'purchase_amount',NULL,NULL,1768478400031);
INSERT INTO "leat_credit_receptions" VALUES(3,'f8575763-6510-4190-a12f-3c59972dff1f','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',3,3.5,'purchase_amount',NULL,NULL,1768478400032);
INSERT INTO "leat_credit_receptions" VALUES(3,'a74ca4cc-aba3-48a3-ae8c-eff0586ac77b','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',3,3.75,'purchase_amount',NULL,NULL,1768478400033);
INSERT INTO "leat_credit_receptions" VALUES(3,'bc87c7de-bc93-4ad8-aa4a-eb60a24545bc','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',4,4.0,'purchase_amount',NULL,NULL,1768478400034);
INSERT INTO "leat_credit_receptions" VALUES(3,'2d7546a7-9128-4883-91ca-dc5876748f10','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','13ac4cc1-3522-4dfc-ae4a-a821e5090108',4,4.25,'purchase_amount',NULL,NULL,1768478400035);
INSERT INTO "leat_credit_receptions" VALUES(3,'057b9e4f-785e-4026-a3c0-7f5cb7c52d8a','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11',24,24.5,'purchase_amount',NULL,'till-4-000731',1768478400036);
CREATE TABLE leat_referrals (
	tenant_id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	referring_uuid VARCHAR(36) NOT NULL, 
	referred_uuid VARCHAR(36) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	ended_ms INTEGER, 
	CONSTRAINT pk_leat_referrals PRIMARY KEY (tenant_id, uuid), 
	CONSTRAINT uq_leat_referrals_tenant_id_referred_uuid UNIQUE (tenant_id, referred_uuid)
);
INSERT INTO "leat_referrals" VALUES(3,'29fa9ed0-8638-441c-8e23-ba67db32ecea','afca1426-21fd-44b8-a7d9-d12ea27bf500','f20fb26e-b036-4e25-9b5c-b66f18eaad03','completed',1764202551939,1767621635110);
INSERT INTO "leat_referrals" VALUES(3,'34b16c85-beec-4986-a663-cc4aebe02277','77ea72ee-ae65-47c9-9b2a-a85d4416be94','f78088cc-1eac-49c2-85d0-3b7462fcb63a','completed',1764714778651,1767284599473);
INSERT INTO "leat_referrals" VALUES(3,'25cc7298-a38f-420b-8796-a70898f09fe8','0a7db155-87ed-4454-8695-5204f2bfe84e','619be84b-7320-4fce-bbbe-fcbd9cd24e98','completed',1765202013108,1767241829261);
INSERT INTO "leat_referrals" VALUES(3,'0b8a4d52-7c13-4f69-a2e8-5d1c9b7f3e01','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02','completed',1768392000000,1768449980598);
INSERT INTO "leat_referrals" VALUES(3,'ebca6dbc-511e-4049-bd63-c3657c82ab55','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','9ce12fb6-ab57-4f53-af5d-f0a8bec629e0','completed',1768478400029,1768478400034);
CREATE TABLE leat_vouchers (
	tenant_id INTEGER NOT NULL, 
	uuid VARCHAR(36) NOT NULL, 
	contact_uuid VARCHAR(36) NOT NULL, 
	referral_uuid VARCHAR(36) NOT NULL, 
	promotion_uuid VARCHAR(36) NOT NULL, 
	promotion_name VARCHAR(255) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_leat_vouchers PRIMARY KEY (tenant_id, uuid)
);
INSERT INTO "leat_vouchers" VALUES(3,'2cc56368-df46-4f81-a734-9693422395f3','0a7db155-87ed-4454-8695-5204f2bfe84e','25cc7298-a38f-420b-8796-a70898f09fe8','539483d0-fab4-40db-add5-2ec65ef12901','Free coffee',1767241829261);
INSERT INTO "leat_vouchers" VALUES(3,'da46406f-9cd2-4f34-b7df-de92003e41a8','77ea72ee-ae65-47c9-9b2a-a85d4416be94','34b16c85-beec-4986-a663-cc4aebe02277','539483d0-fab4-40db-add5-2ec65ef12901','Free coffee',1767284599473);
INSERT INTO "leat_vouchers" VALUES(3,'1f8f5a9f-6b49-4cc4-ae8c-95a80b92f9e5','afca1426-21fd-44b8-a7d9-d12ea27bf500','29fa9ed0-8638-441c-8e23-ba67db32ecea','539483d0-fab4-40db-add5-2ec65ef12901','Free coffee',1767621635110);
INSERT INTO "leat_vouchers" VALUES(3,'0ae12048-3ea2-4209-b53c-413eec9b0894','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','0b8a4d52-7c13-4f69-a2e8-5d1c9b7f3e01','539483d0-fab4-40db-add5-2ec65ef12901','Free coffee',1768449980598);
INSERT INTO "leat_vouchers" VALUES(3,'192a9506-a4a4-465f-839f-beb2937de648','6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01','ebca6dbc-511e-4049-bd63-c3657c82ab55','539483d0-fab4-40db-add5-2ec65ef12901','Free coffee',1768478400034);
CREATE TABLE ledger_balances (
	tenant_id INTEGER NOT NULL, 
	account VARCHAR(96) NOT NULL, 
	balance INTEGER NOT NULL, 
	credited INTEGER NOT NULL, 
	CONSTRAINT pk_ledger_balances PRIMARY KEY (tenant_id, account)
);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_32dff921ff37c5134ddb',200,350);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_ac249033e9a96366c660',600,600);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_4a2755687272bc1cec1a',450,650);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_bf5128b71b11e91f426b',400,400);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_c779c633436b2c113599',50,50);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_42598a48fb8736a63c10',550,550);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_f6c4074f17d056154f46',600,600);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_demo0000000000000001',3145,4200);
INSERT INTO "ledger_balances" VALUES(2,'advocate/adv_c0677bdf6b59317ed559',350,350);
INSERT INTO "ledger_balances" VALUES(3,'contact/77ea72ee-ae65-47c9-9b2a-a85d4416be94',279,279);
INSERT INTO "ledger_balances" VALUES(3,'contact/0a7db155-87ed-4454-8695-5204f2bfe84e',115,115);
INSERT INTO "ledger_balances" VALUES(3,'contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',244,244);
INSERT INTO "ledger_balances" VALUES(3,'contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',568,568);
INSERT INTO "ledger_balances" VALUES(3,'contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',373,373);
INSERT INTO "ledger_balances" VALUES(3,'contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',320,320);
INSERT INTO "ledger_balances" VALUES(3,'contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',305,305);
INSERT INTO "ledger_balances" VALUES(4,'a1/h103',0,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/h142',180,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w101',726,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w102',1161,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w103',169,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w105',200,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w106',172,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w107',219,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w108',577,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w109',228,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w111',668,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w112',131,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w113',803,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w118',30,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w121',202,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w122',625,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w126',54,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w127',30,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w128',234,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w133',1410,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w134',151,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w135',30,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w136',663,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w137',135,0);
INSERT INTO "ledger_balances" VALUES(4,'a1/w142',1390,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w101',696,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w102',1161,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w103',324,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w105',200,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w106',172,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w107',219,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w108',547,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w109',228,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w111',668,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w112',156,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w113',833,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w121',202,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w122',625,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w126',54,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w128',234,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w133',1410,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w134',151,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w136',663,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w137',135,0);
INSERT INTO "ledger_balances" VALUES(4,'a2/w142',1400,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w101',3,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w104',1,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w107',0,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w110',0,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w113',0,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w119',2,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w125',0,0);
INSERT INTO "ledger_balances" VALUES(4,'a3/w131',3,0);
INSERT INTO "ledger_balances" VALUES(4,'s3',3991,0);
INSERT INTO "ledger_balances" VALUES(5,'a1/w101',2,0);
INSERT INTO "ledger_balances" VALUES(5,'a1/w102',3,0);
INSERT INTO "ledger_balances" VALUES(5,'a1/w103',4,0);
INSERT INTO "ledger_balances" VALUES(3,'contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',70,70);
CREATE TABLE ledger_entries (
	tenant_id INTEGER NOT NULL, 
	transaction_id VARCHAR(64) NOT NULL, 
	account VARCHAR(96) NOT NULL, 
	number INTEGER NOT NULL, 
	amount INTEGER NOT NULL, 
	balance_after INTEGER, 
	CONSTRAINT pk_ledger_entries PRIMARY KEY (tenant_id, transaction_id, account)
);
INSERT INTO "ledger_entries" VALUES(2,'txn_247a1043f16732326160','advocate/adv_32dff921ff37c5134ddb',1,250,250);
INSERT INTO "ledger_entries" VALUES(2,'txn_247a1043f16732326160','@issued',1,-250,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_717d70a4f70d23bb6e11','advocate/adv_ac249033e9a96366c660',2,50,50);
INSERT INTO "ledger_entries" VALUES(2,'txn_717d70a4f70d23bb6e11','@issued',2,-50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_cc2df4403276da0fcc39','advocate/adv_4a2755687272bc1cec1a',3,100,100);
INSERT INTO "ledger_entries" VALUES(2,'txn_cc2df4403276da0fcc39','@issued',3,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_331988a842faaa26073f','advocate/adv_4a2755687272bc1cec1a',4,50,150);
INSERT INTO "ledger_entries" VALUES(2,'txn_331988a842faaa26073f','@issued',4,-50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_e2fc68ae79a0cae33b08','advocate/adv_ac249033e9a96366c660',5,100,150);
INSERT INTO "ledger_entries" VALUES(2,'txn_e2fc68ae79a0cae33b08','@issued',5,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_1d4b7d0d6fadc1e16caf','advocate/adv_4a2755687272bc1cec1a',6,500,650);
INSERT INTO "ledger_entries" VALUES(2,'txn_1d4b7d0d6fadc1e16caf','@issued',6,-500,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_9be0b2cbad80ba1e82f0','advocate/adv_bf5128b71b11e91f426b',7,50,50);
INSERT INTO "ledger_entries" VALUES(2,'txn_9be0b2cbad80ba1e82f0','@issued',7,-50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_86685faf397bdbdc725b','advocate/adv_ac249033e9a96366c660',8,250,400);
INSERT INTO "ledger_entries" VALUES(2,'txn_86685faf397bdbdc725b','@issued',8,-250,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_7e04986a341719f75e46','advocate/adv_c779c633436b2c113599',9,50,50);
INSERT INTO "ledger_entries" VALUES(2,'txn_7e04986a341719f75e46','@issued',9,-50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_403f52454a77a48571a4','advocate/adv_32dff921ff37c5134ddb',10,-150,100);
INSERT INTO "ledger_entries" VALUES(2,'txn_403f52454a77a48571a4','@spent',10,150,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_80ce74627211e6cf6ea4','advocate/adv_42598a48fb8736a63c10',11,50,50);
INSERT INTO "ledger_entries" VALUES(2,'txn_80ce74627211e6cf6ea4','@issued',11,-50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_e33f9e255115b71db15d','advocate/adv_42598a48fb8736a63c10',12,500,550);
INSERT INTO "ledger_entries" VALUES(2,'txn_e33f9e255115b71db15d','@issued',12,-500,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_737980c69692058ef0fd','advocate/adv_f6c4074f17d056154f46',13,250,250);
INSERT INTO "ledger_entries" VALUES(2,'txn_737980c69692058ef0fd','@issued',13,-250,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_ddf0e76c7c7dc91b2563','advocate/adv_32dff921ff37c5134ddb',14,100,200);
INSERT INTO "ledger_entries" VALUES(2,'txn_ddf0e76c7c7dc91b2563','@issued',14,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_6df269d43b608e272de9','advocate/adv_f6c4074f17d056154f46',15,250,500);
INSERT INTO "ledger_entries" VALUES(2,'txn_6df269d43b608e272de9','@issued',15,-250,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_c76cd7b6bc9da254b577','advocate/adv_f6c4074f17d056154f46',16,100,600);
INSERT INTO "ledger_entries" VALUES(2,'txn_c76cd7b6bc9da254b577','@issued',16,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_2c563863b7d0bafa751d','advocate/adv_demo0000000000000001',17,100,100);
INSERT INTO "ledger_entries" VALUES(2,'txn_2c563863b7d0bafa751d','@issued',17,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_91d5438752fc019b555e','advocate/adv_ac249033e9a96366c660',18,200,600);
INSERT INTO "ledger_entries" VALUES(2,'txn_91d5438752fc019b555e','@issued',18,-200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_26108e077e1ea89434e7','advocate/adv_demo0000000000000001',19,2000,2100);
INSERT INTO "ledger_entries" VALUES(2,'txn_26108e077e1ea89434e7','@issued',19,-2000,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_a0acb15486916d76d279','advocate/adv_4a2755687272bc1cec1a',20,-200,450);
INSERT INTO "ledger_entries" VALUES(2,'txn_a0acb15486916d76d279','@spent',20,200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_2b524f32e9ae997d0ff4','advocate/adv_bf5128b71b11e91f426b',21,200,250);
INSERT INTO "ledger_entries" VALUES(2,'txn_2b524f32e9ae997d0ff4','@issued',21,-200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_6936fb63ca3a28a03dcd','advocate/adv_bf5128b71b11e91f426b',22,150,400);
INSERT INTO "ledger_entries" VALUES(2,'txn_6936fb63ca3a28a03dcd','@issued',22,-150,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_8694dc5bc8160ad0413e','advocate/adv_demo0000000000000001',23,100,2200);
INSERT INTO "ledger_entries" VALUES(2,'txn_8694dc5bc8160ad0413e','@issued',23,-100,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_21802b607f87024dfafa','advocate/adv_demo0000000000000001',24,1000,3200);
INSERT INTO "ledger_entries" VALUES(2,'txn_21802b607f87024dfafa','@issued',24,-1000,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_9bf6943a656a47751539','advocate/adv_c0677bdf6b59317ed559',25,200,200);
INSERT INTO "ledger_entries" VALUES(2,'txn_9bf6943a656a47751539','@issued',25,-200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_c923768614c7154cb9a2','advocate/adv_c0677bdf6b59317ed559',26,150,350);
INSERT INTO "ledger_entries" VALUES(2,'txn_c923768614c7154cb9a2','@issued',26,-150,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_d30c297df9bbb0e3a37a','advocate/adv_demo0000000000000001',27,-500,2700);
INSERT INTO "ledger_entries" VALUES(2,'txn_d30c297df9bbb0e3a37a','@spent',27,500,NULL);
INSERT INTO "ledger_entries" VALUES(3,'bb53ec36-93f7-4e44-b532-cbbcbc968051','contact/77ea72ee-ae65-47c9-9b2a-a85d4416be94',1,47,47);
INSERT INTO "ledger_entries" VALUES(3,'bb53ec36-93f7-4e44-b532-cbbcbc968051','@issued',1,-47,NULL);
INSERT INTO "ledger_entries" VALUES(3,'967f76cf-d999-4521-889c-4fff21f3c843','contact/77ea72ee-ae65-47c9-9b2a-a85d4416be94',2,89,136);
INSERT INTO "ledger_entries" VALUES(3,'967f76cf-d999-4521-889c-4fff21f3c843','@issued',2,-89,NULL);
INSERT INTO "ledger_entries" VALUES(3,'3209b7c7-0ca9-4165-8fed-c9aca8746393','contact/77ea72ee-ae65-47c9-9b2a-a85d4416be94',3,106,242);
INSERT INTO "ledger_entries" VALUES(3,'3209b7c7-0ca9-4165-8fed-c9aca8746393','@issued',3,-106,NULL);
INSERT INTO "ledger_entries" VALUES(3,'9c442d47-a1e7-4286-80be-816555c9f718','contact/0a7db155-87ed-4454-8695-5204f2bfe84e',4,115,115);
INSERT INTO "ledger_entries" VALUES(3,'9c442d47-a1e7-4286-80be-816555c9f718','@issued',4,-115,NULL);
INSERT INTO "ledger_entries" VALUES(3,'f88fc93a-8987-4d5d-b8ee-f413eb0c1b15','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',5,15,15);
INSERT INTO "ledger_entries" VALUES(3,'f88fc93a-8987-4d5d-b8ee-f413eb0c1b15','@issued',5,-15,NULL);
INSERT INTO "ledger_entries" VALUES(3,'9c5bdb10-2e11-4618-b8a5-84d8f69c1571','contact/77ea72ee-ae65-47c9-9b2a-a85d4416be94',6,37,279);
INSERT INTO "ledger_entries" VALUES(3,'9c5bdb10-2e11-4618-b8a5-84d8f69c1571','@issued',6,-37,NULL);
INSERT INTO "ledger_entries" VALUES(3,'647e120f-8d2b-40e2-b89c-a7cf2bf05a0c','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',7,118,118);
INSERT INTO "ledger_entries" VALUES(3,'647e120f-8d2b-40e2-b89c-a7cf2bf05a0c','@issued',7,-118,NULL);
INSERT INTO "ledger_entries" VALUES(3,'a3612a0e-6a94-47ae-a772-f606c7012b0e','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',8,55,70);
INSERT INTO "ledger_entries" VALUES(3,'a3612a0e-6a94-47ae-a772-f606c7012b0e','@issued',8,-55,NULL);
INSERT INTO "ledger_entries" VALUES(3,'ea564700-c9a9-42aa-bc09-4a027f22e5d1','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',9,19,19);
INSERT INTO "ledger_entries" VALUES(3,'ea564700-c9a9-42aa-bc09-4a027f22e5d1','@issued',9,-19,NULL);
INSERT INTO "ledger_entries" VALUES(3,'09ffbc4e-2afc-43a7-b99b-7405bf98883e','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',10,62,180);
INSERT INTO "ledger_entries" VALUES(3,'09ffbc4e-2afc-43a7-b99b-7405bf98883e','@issued',10,-62,NULL);
INSERT INTO "ledger_entries" VALUES(3,'ab5db78d-5eb8-4cd4-99b7-25339f32977b','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',11,92,111);
INSERT INTO "ledger_entries" VALUES(3,'ab5db78d-5eb8-4cd4-99b7-25339f32977b','@issued',11,-92,NULL);
INSERT INTO "ledger_entries" VALUES(3,'e2bcd09a-e428-4016-816d-548fbf9f2c7a','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',12,29,99);
INSERT INTO "ledger_entries" VALUES(3,'e2bcd09a-e428-4016-816d-548fbf9f2c7a','@issued',12,-29,NULL);
INSERT INTO "ledger_entries" VALUES(3,'87f37a3c-76e9-4b19-9010-1b3c237e639b','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',13,85,265);
INSERT INTO "ledger_entries" VALUES(3,'87f37a3c-76e9-4b19-9010-1b3c237e639b','@issued',13,-85,NULL);
INSERT INTO "ledger_entries" VALUES(3,'9a0eebed-8431-41e6-bd49-0fd931ffb79c','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',14,82,193);
INSERT INTO "ledger_entries" VALUES(3,'9a0eebed-8431-41e6-bd49-0fd931ffb79c','@issued',14,-82,NULL);
INSERT INTO "ledger_entries" VALUES(3,'4bc23102-4e0d-4969-9c6e-082af9cebc1b','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',15,78,343);
INSERT INTO "ledger_entries" VALUES(3,'4bc23102-4e0d-4969-9c6e-082af9cebc1b','@issued',15,-78,NULL);
INSERT INTO "ledger_entries" VALUES(3,'2ca203c3-41df-49d7-85c6-5aecfc2c078b','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',16,58,251);
INSERT INTO "ledger_entries" VALUES(3,'2ca203c3-41df-49d7-85c6-5aecfc2c078b','@issued',16,-58,NULL);
INSERT INTO "ledger_entries" VALUES(3,'83b36fba-97f8-4378-825d-71cc55f2c39f','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',17,59,158);
INSERT INTO "ledger_entries" VALUES(3,'83b36fba-97f8-4378-825d-71cc55f2c39f','@issued',17,-59,NULL);
INSERT INTO "ledger_entries" VALUES(3,'dd5328fd-67c1-45a3-b9e0-3f4962f0ee46','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',18,14,265);
INSERT INTO "ledger_entries" VALUES(3,'dd5328fd-67c1-45a3-b9e0-3f4962f0ee46','@issued',18,-14,NULL);
INSERT INTO "ledger_entries" VALUES(3,'872030ef-4b43-4bbe-9fe8-c7cfa966d28a','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',19,50,315);
INSERT INTO "ledger_entries" VALUES(3,'872030ef-4b43-4bbe-9fe8-c7cfa966d28a','@issued',19,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'7f76142f-2954-4da9-a98c-a4dae76c553c','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',20,105,448);
INSERT INTO "ledger_entries" VALUES(3,'7f76142f-2954-4da9-a98c-a4dae76c553c','@issued',20,-105,NULL);
INSERT INTO "ledger_entries" VALUES(3,'54997717-57d0-48f2-bf7f-20611b0bdcc5','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',21,50,498);
INSERT INTO "ledger_entries" VALUES(3,'54997717-57d0-48f2-bf7f-20611b0bdcc5','@issued',21,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'b9abaa21-f1c2-444f-adfb-ec618d645870','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',22,36,194);
INSERT INTO "ledger_entries" VALUES(3,'b9abaa21-f1c2-444f-adfb-ec618d645870','@issued',22,-36,NULL);
INSERT INTO "ledger_entries" VALUES(3,'54b80c46-e9a7-4eec-9a51-99ea24e81385','contact/f20fb26e-b036-4e25-9b5c-b66f18eaad03',23,50,244);
INSERT INTO "ledger_entries" VALUES(3,'54b80c46-e9a7-4eec-9a51-99ea24e81385','@issued',23,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'1a78dde1-0012-4169-bcf9-3d25442fb856','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',24,15,330);
INSERT INTO "ledger_entries" VALUES(3,'1a78dde1-0012-4169-bcf9-3d25442fb856','@issued',24,-15,NULL);
INSERT INTO "ledger_entries" VALUES(3,'8934d4a2-8fc3-4eb3-954a-ce2125a722d6','contact/f78088cc-1eac-49c2-85d0-3b7462fcb63a',25,70,568);
INSERT INTO "ledger_entries" VALUES(3,'8934d4a2-8fc3-4eb3-954a-ce2125a722d6','@issued',25,-70,NULL);
INSERT INTO "ledger_entries" VALUES(3,'faffdbe1-e0ca-47d2-8cdd-c5ed85f0adf8','contact/619be84b-7320-4fce-bbbe-fcbd9cd24e98',26,43,373);
INSERT INTO "ledger_entries" VALUES(3,'faffdbe1-e0ca-47d2-8cdd-c5ed85f0adf8','@issued',26,-43,NULL);
INSERT INTO "ledger_entries" VALUES(3,'3443783c-40b3-4a8b-a90c-8c1a4ecc685c','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',27,40,40);
INSERT INTO "ledger_entries" VALUES(3,'3443783c-40b3-4a8b-a90c-8c1a4ecc685c','@issued',27,-40,NULL);
INSERT INTO "ledger_entries" VALUES(3,'0a08d15c-b588-477f-b4bc-26e1d36f9bcd','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',28,50,90);
INSERT INTO "ledger_entries" VALUES(3,'0a08d15c-b588-477f-b4bc-26e1d36f9bcd','@issued',28,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'8bf4764c-f17e-4c8a-9656-6b239b3085ba','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',29,30,120);
INSERT INTO "ledger_entries" VALUES(3,'8bf4764c-f17e-4c8a-9656-6b239b3085ba','@issued',29,-30,NULL);
INSERT INTO "ledger_entries" VALUES(3,'eeec6e66-b03c-4393-a019-5865648a4a91','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',30,60,180);
INSERT INTO "ledger_entries" VALUES(3,'eeec6e66-b03c-4393-a019-5865648a4a91','@issued',30,-60,NULL);
INSERT INTO "ledger_entries" VALUES(3,'0092190b-6c19-4c1e-b7c3-5fc4ba743810','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',31,24,24);
INSERT INTO "ledger_entries" VALUES(3,'0092190b-6c19-4c1e-b7c3-5fc4ba743810','@issued',31,-24,NULL);
INSERT INTO "ledger_entries" VALUES(3,'6ba95c9f-0c54-4f06-b641-f57d496ab3b3','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',32,45,225);
INSERT INTO "ledger_entries" VALUES(3,'6ba95c9f-0c54-4f06-b641-f57d496ab3b3','@issued',32,-45,NULL);
INSERT INTO "ledger_entries" VALUES(3,'0b02fa11-7616-4440-832f-33df6ea41069','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',33,95,119);
INSERT INTO "ledger_entries" VALUES(3,'0b02fa11-7616-4440-832f-33df6ea41069','@issued',33,-95,NULL);
INSERT INTO "ledger_entries" VALUES(3,'9e3aa8bd-7c9c-4012-a4f0-c85b68742192','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',34,5,124);
INSERT INTO "ledger_entries" VALUES(3,'9e3aa8bd-7c9c-4012-a4f0-c85b68742192','@issued',34,-5,NULL);
INSERT INTO "ledger_entries" VALUES(3,'558d0837-2aa0-49f6-ae43-cbf48ca24a93','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',35,55,280);
INSERT INTO "ledger_entries" VALUES(3,'558d0837-2aa0-49f6-ae43-cbf48ca24a93','@issued',35,-55,NULL);
INSERT INTO "ledger_entries" VALUES(3,'93210962-e3b4-46a3-a755-2d59ff7c9978','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',36,14,138);
INSERT INTO "ledger_entries" VALUES(3,'93210962-e3b4-46a3-a755-2d59ff7c9978','@issued',36,-14,NULL);
INSERT INTO "ledger_entries" VALUES(3,'e502289e-d7b7-460c-8245-ce879fb36ada','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',37,34,172);
INSERT INTO "ledger_entries" VALUES(3,'e502289e-d7b7-460c-8245-ce879fb36ada','@issued',37,-34,NULL);
INSERT INTO "ledger_entries" VALUES(3,'64ba0552-fb77-4a10-ad7d-bb4551ba0da6','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',38,50,222);
INSERT INTO "ledger_entries" VALUES(3,'64ba0552-fb77-4a10-ad7d-bb4551ba0da6','@issued',38,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'8977b637-f6d6-4745-94d4-1f1a9802d622','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01',39,40,320);
INSERT INTO "ledger_entries" VALUES(3,'8977b637-f6d6-4745-94d4-1f1a9802d622','@issued',39,-40,NULL);
INSERT INTO "ledger_entries" VALUES(3,'1d7e20e6-6d97-4fae-9ca7-2f6db1dfffb8','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',40,59,281);
INSERT INTO "ledger_entries" VALUES(3,'1d7e20e6-6d97-4fae-9ca7-2f6db1dfffb8','@issued',40,-59,NULL);
INSERT INTO "ledger_entries" VALUES(4,'supply/3','s3',1,2500,2500);
INSERT INTO "ledger_entries" VALUES(4,'supply/3','@issued/3',1,-2500,NULL);
INSERT INTO "ledger_entries" VALUES(4,'1','@issued/1',2,-324,NULL);
INSERT INTO "ledger_entries" VALUES(4,'1','a1/w103',2,324,324);
INSERT INTO "ledger_entries" VALUES(4,'2','@issued/2',3,-324,NULL);
INSERT INTO "ledger_entries" VALUES(4,'2','a2/w103',3,324,324);
INSERT INTO "ledger_entries" VALUES(4,'3','s3',4,-2,2498);
INSERT INTO "ledger_entries" VALUES(4,'3','a3/w101',4,2,2);
INSERT INTO "ledger_entries" VALUES(4,'4','s3',6,-1,2497);
INSERT INTO "ledger_entries" VALUES(4,'4','a3/w110',6,1,1);
INSERT INTO "ledger_entries" VALUES(4,'5','@issued/1',8,-668,NULL);
INSERT INTO "ledger_entries" VALUES(4,'5','a1/w111',8,668,668);
INSERT INTO "ledger_entries" VALUES(4,'6','@issued/2',9,-668,NULL);
INSERT INTO "ledger_entries" VALUES(4,'6','a2/w111',9,668,668);
INSERT INTO "ledger_entries" VALUES(4,'7','@issued/1',10,-388,NULL);
INSERT INTO "ledger_entries" VALUES(4,'7','a1/w102',10,388,388);
INSERT INTO "ledger_entries" VALUES(4,'8','@issued/2',11,-388,NULL);
INSERT INTO "ledger_entries" VALUES(4,'8','a2/w102',11,388,388);
INSERT INTO "ledger_entries" VALUES(4,'9','@issued/1',12,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'9','a1/w108',12,30,30);
INSERT INTO "ledger_entries" VALUES(4,'10','@issued/1',13,-833,NULL);
INSERT INTO "ledger_entries" VALUES(4,'10','a1/w113',13,833,833);
INSERT INTO "ledger_entries" VALUES(4,'11','@issued/2',14,-833,NULL);
INSERT INTO "ledger_entries" VALUES(4,'11','a2/w113',14,833,833);
INSERT INTO "ledger_entries" VALUES(4,'12','a1/w103',15,-75,249);
INSERT INTO "ledger_entries" VALUES(4,'12','a1/h103',15,75,75);
INSERT INTO "ledger_entries" VALUES(4,'13','s3',16,-1,2496);
INSERT INTO "ledger_entries" VALUES(4,'13','a3/w104',16,1,1);
INSERT INTO "ledger_entries" VALUES(4,'14','s3',18,-3,2493);
INSERT INTO "ledger_entries" VALUES(4,'14','a3/w101',18,3,5);
INSERT INTO "ledger_entries" VALUES(4,'15','s3',20,-3,2490);
INSERT INTO "ledger_entries" VALUES(4,'15','a3/w113',20,3,3);
INSERT INTO "ledger_entries" VALUES(4,'16','@issued/1',22,-696,NULL);
INSERT INTO "ledger_entries" VALUES(4,'16','a1/w101',22,696,696);
INSERT INTO "ledger_entries" VALUES(4,'17','@issued/2',23,-696,NULL);
INSERT INTO "ledger_entries" VALUES(4,'17','a2/w101',23,696,696);
INSERT INTO "ledger_entries" VALUES(4,'12/capture','a1/h103',24,-75,0);
INSERT INTO "ledger_entries" VALUES(4,'12/capture','@burned/1',24,75,NULL);
INSERT INTO "ledger_entries" VALUES(4,'18','@issued/1',25,-105,NULL);
INSERT INTO "ledger_entries" VALUES(4,'18','a1/w112',25,105,105);
INSERT INTO "ledger_entries" VALUES(4,'19','@issued/2',26,-105,NULL);
INSERT INTO "ledger_entries" VALUES(4,'19','a2/w112',26,105,105);
INSERT INTO "ledger_entries" VALUES(4,'20','@issued/1',27,-200,NULL);
INSERT INTO "ledger_entries" VALUES(4,'20','a1/w105',27,200,200);
INSERT INTO "ledger_entries" VALUES(4,'21','@issued/2',28,-200,NULL);
INSERT INTO "ledger_entries" VALUES(4,'21','a2/w105',28,200,200);
INSERT INTO "ledger_entries" VALUES(4,'22','@issued/1',29,-547,NULL);
INSERT INTO "ledger_entries" VALUES(4,'22','a1/w108',29,547,577);
INSERT INTO "ledger_entries" VALUES(4,'23','@issued/2',30,-547,NULL);
INSERT INTO "ledger_entries" VALUES(4,'23','a2/w108',30,547,547);
INSERT INTO "ledger_entries" VALUES(4,'24','s3',31,-2,2488);
INSERT INTO "ledger_entries" VALUES(4,'24','a3/w101',31,2,7);
INSERT INTO "ledger_entries" VALUES(4,'25','@issued/1',33,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'25','a1/w118',33,30,30);
INSERT INTO "ledger_entries" VALUES(4,'26','@issued/1',34,-51,NULL);
INSERT INTO "ledger_entries" VALUES(4,'26','a1/w112',34,51,156);
INSERT INTO "ledger_entries" VALUES(4,'27','@issued/2',35,-51,NULL);
INSERT INTO "ledger_entries" VALUES(4,'27','a2/w112',35,51,156);
INSERT INTO "ledger_entries" VALUES(4,'28','a3/w101',36,-2,5);
INSERT INTO "ledger_entries" VALUES(4,'28','s3',36,2,2490);
INSERT INTO "ledger_entries" VALUES(4,'29','a1/w113',37,-60,773);
INSERT INTO "ledger_entries" VALUES(4,'29','@burned/1',37,60,NULL);
INSERT INTO "ledger_entries" VALUES(4,'30','s3',38,1500,3990);
INSERT INTO "ledger_entries" VALUES(4,'30','@issued/3',38,-1500,NULL);
INSERT INTO "ledger_entries" VALUES(4,'31','@issued/1',39,-182,NULL);
INSERT INTO "ledger_entries" VALUES(4,'31','a1/w107',39,182,182);
INSERT INTO "ledger_entries" VALUES(4,'32','@issued/2',40,-182,NULL);
INSERT INTO "ledger_entries" VALUES(4,'32','a2/w107',40,182,182);
INSERT INTO "ledger_entries" VALUES(4,'33','a3/w110',41,-1,0);
INSERT INTO "ledger_entries" VALUES(4,'33','s3',41,1,3991);
INSERT INTO "ledger_entries" VALUES(4,'34','a1/w103',42,-40,209);
INSERT INTO "ledger_entries" VALUES(4,'34','a1/h103',42,40,40);
INSERT INTO "ledger_entries" VALUES(4,'34/capture','a1/h103',43,-40,0);
INSERT INTO "ledger_entries" VALUES(4,'34/capture','@burned/1',43,40,NULL);
INSERT INTO "ledger_entries" VALUES(4,'35','a1/w107',44,-91,91);
INSERT INTO "ledger_entries" VALUES(4,'35','@burned/1',44,91,NULL);
INSERT INTO "ledger_entries" VALUES(4,'36','a2/w107',45,-91,91);
INSERT INTO "ledger_entries" VALUES(4,'36','@burned/2',45,91,NULL);
INSERT INTO "ledger_entries" VALUES(4,'37','@issued/1',46,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'37','a1/w113',46,30,803);
INSERT INTO "ledger_entries" VALUES(4,'38','@issued/1',47,-234,NULL);
INSERT INTO "ledger_entries" VALUES(4,'38','a1/w128',47,234,234);
INSERT INTO "ledger_entries" VALUES(4,'39','@issued/2',48,-234,NULL);
INSERT INTO "ledger_entries" VALUES(4,'39','a2/w128',48,234,234);
INSERT INTO "ledger_entries" VALUES(4,'40','@issued/1',49,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'40','a1/w127',49,30,30);
INSERT INTO "ledger_entries" VALUES(4,'41','s3',50,-3,3988);
INSERT INTO "ledger_entries" VALUES(4,'41','a3/w107',50,3,3);
INSERT INTO "ledger_entries" VALUES(4,'42','s3',52,-3,3985);
INSERT INTO "ledger_entries" VALUES(4,'42','a3/w125',52,3,3);
INSERT INTO "ledger_entries" VALUES(4,'43','@issued/1',54,-150,NULL);
INSERT INTO "ledger_entries" VALUES(4,'43','a1/w121',54,150,150);
INSERT INTO "ledger_entries" VALUES(4,'44','@issued/2',55,-150,NULL);
INSERT INTO "ledger_entries" VALUES(4,'44','a2/w121',55,150,150);
INSERT INTO "ledger_entries" VALUES(4,'45','a3/w104',56,-1,0);
INSERT INTO "ledger_entries" VALUES(4,'45','s3',56,1,3986);
INSERT INTO "ledger_entries" VALUES(4,'46','a3/w101',57,-3,2);
INSERT INTO "ledger_entries" VALUES(4,'46','s3',57,3,3989);
INSERT INTO "ledger_entries" VALUES(4,'47','a3/w113',58,-3,0);
INSERT INTO "ledger_entries" VALUES(4,'47','s3',58,3,3992);
INSERT INTO "ledger_entries" VALUES(4,'48','a1/w112',59,-25,131);
INSERT INTO "ledger_entries" VALUES(4,'48','@burned/1',59,25,NULL);
INSERT INTO "ledger_entries" VALUES(4,'49','s3',60,-2,3990);
INSERT INTO "ledger_entries" VALUES(4,'49','a3/w119',60,2,2);
INSERT INTO "ledger_entries" VALUES(4,'50','@issued/1',62,-128,NULL);
INSERT INTO "ledger_entries" VALUES(4,'50','a1/w107',62,128,219);
INSERT INTO "ledger_entries" VALUES(4,'51','@issued/2',63,-128,NULL);
INSERT INTO "ledger_entries" VALUES(4,'51','a2/w107',63,128,219);
INSERT INTO "ledger_entries" VALUES(4,'52','@issued/1',64,-228,NULL);
INSERT INTO "ledger_entries" VALUES(4,'52','a1/w109',64,228,228);
INSERT INTO "ledger_entries" VALUES(4,'53','@issued/2',65,-228,NULL);
INSERT INTO "ledger_entries" VALUES(4,'53','a2/w109',65,228,228);
INSERT INTO "ledger_entries" VALUES(4,'54','a3/w101',66,-2,0);
INSERT INTO "ledger_entries" VALUES(4,'54','s3',66,2,3992);
INSERT INTO "ledger_entries" VALUES(4,'55','@issued/1',67,-52,NULL);
INSERT INTO "ledger_entries" VALUES(4,'55','a1/w121',67,52,202);
INSERT INTO "ledger_entries" VALUES(4,'56','@issued/2',68,-52,NULL);
INSERT INTO "ledger_entries" VALUES(4,'56','a2/w121',68,52,202);
INSERT INTO "ledger_entries" VALUES(4,'57','@issued/1',69,-172,NULL);
INSERT INTO "ledger_entries" VALUES(4,'57','a1/w106',69,172,172);
INSERT INTO "ledger_entries" VALUES(4,'58','@issued/2',70,-172,NULL);
INSERT INTO "ledger_entries" VALUES(4,'58','a2/w106',70,172,172);
INSERT INTO "ledger_entries" VALUES(4,'59','@issued/1',71,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'59','a1/w101',71,30,726);
INSERT INTO "ledger_entries" VALUES(4,'60','a1/w103',72,-40,169);
INSERT INTO "ledger_entries" VALUES(4,'60','a1/h103',72,40,40);
INSERT INTO "ledger_entries" VALUES(4,'61','s3',73,-3,3989);
INSERT INTO "ledger_entries" VALUES(4,'61','a3/w131',73,3,3);
INSERT INTO "ledger_entries" VALUES(4,'62','@issued/1',75,-849,NULL);
INSERT INTO "ledger_entries" VALUES(4,'62','a1/w133',75,849,849);
INSERT INTO "ledger_entries" VALUES(4,'63','@issued/2',76,-849,NULL);
INSERT INTO "ledger_entries" VALUES(4,'63','a2/w133',76,849,849);
INSERT INTO "ledger_entries" VALUES(4,'60/capture','a1/h103',77,-40,0);
INSERT INTO "ledger_entries" VALUES(4,'60/capture','@burned/1',77,40,NULL);
INSERT INTO "ledger_entries" VALUES(4,'64','@issued/1',78,-663,NULL);
INSERT INTO "ledger_entries" VALUES(4,'64','a1/w136',78,663,663);
INSERT INTO "ledger_entries" VALUES(4,'65','@issued/2',79,-663,NULL);
INSERT INTO "ledger_entries" VALUES(4,'65','a2/w136',79,663,663);
INSERT INTO "ledger_entries" VALUES(4,'66','@issued/1',80,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'66','a1/w135',80,30,30);
INSERT INTO "ledger_entries" VALUES(4,'67','@issued/1',81,-500,NULL);
INSERT INTO "ledger_entries" VALUES(4,'67','a1/w142',81,500,500);
INSERT INTO "ledger_entries" VALUES(4,'68','@issued/2',82,-500,NULL);
INSERT INTO "ledger_entries" VALUES(4,'68','a2/w142',82,500,500);
INSERT INTO "ledger_entries" VALUES(4,'69','@issued/1',83,-151,NULL);
INSERT INTO "ledger_entries" VALUES(4,'69','a1/w134',83,151,151);
INSERT INTO "ledger_entries" VALUES(4,'70','@issued/2',84,-151,NULL);
INSERT INTO "ledger_entries" VALUES(4,'70','a2/w134',84,151,151);
INSERT INTO "ledger_entries" VALUES(4,'71','@issued/1',85,-135,NULL);
INSERT INTO "ledger_entries" VALUES(4,'71','a1/w137',85,135,135);
INSERT INTO "ledger_entries" VALUES(4,'72','@issued/2',86,-135,NULL);
INSERT INTO "ledger_entries" VALUES(4,'72','a2/w137',86,135,135);
INSERT INTO "ledger_entries" VALUES(4,'73','@issued/1',87,-700,NULL);
INSERT INTO "ledger_entries" VALUES(4,'73','a1/w142',87,700,1200);
INSERT INTO "ledger_entries" VALUES(4,'74','@issued/2',88,-700,NULL);
INSERT INTO "ledger_entries" VALUES(4,'74','a2/w142',88,700,1200);
INSERT INTO "ledger_entries" VALUES(4,'75','@issued/1',89,-54,NULL);
INSERT INTO "ledger_entries" VALUES(4,'75','a1/w126',89,54,54);
INSERT INTO "ledger_entries" VALUES(4,'76','@issued/2',90,-54,NULL);
INSERT INTO "ledger_entries" VALUES(4,'76','a2/w126',90,54,54);
INSERT INTO "ledger_entries" VALUES(4,'77','@issued/1',91,-561,NULL);
INSERT INTO "ledger_entries" VALUES(4,'77','a1/w133',91,561,1410);
INSERT INTO "ledger_entries" VALUES(4,'78','@issued/2',92,-561,NULL);
INSERT INTO "ledger_entries" VALUES(4,'78','a2/w133',92,561,1410);
INSERT INTO "ledger_entries" VALUES(4,'79','@issued/1',93,-625,NULL);
INSERT INTO "ledger_entries" VALUES(4,'79','a1/w122',93,625,625);
INSERT INTO "ledger_entries" VALUES(4,'80','@issued/2',94,-625,NULL);
INSERT INTO "ledger_entries" VALUES(4,'80','a2/w122',94,625,625);
INSERT INTO "ledger_entries" VALUES(4,'81','s3',95,-3,3986);
INSERT INTO "ledger_entries" VALUES(4,'81','a3/w101',95,3,3);
INSERT INTO "ledger_entries" VALUES(4,'82','s3',97,-1,3985);
INSERT INTO "ledger_entries" VALUES(4,'82','a3/w104',97,1,1);
INSERT INTO "ledger_entries" VALUES(4,'83','@issued/1',99,-200,NULL);
INSERT INTO "ledger_entries" VALUES(4,'83','a1/w142',99,200,1400);
INSERT INTO "ledger_entries" VALUES(4,'84','@issued/2',100,-200,NULL);
INSERT INTO "ledger_entries" VALUES(4,'84','a2/w142',100,200,1400);
INSERT INTO "ledger_entries" VALUES(4,'85','@issued/1',101,-773,NULL);
INSERT INTO "ledger_entries" VALUES(4,'85','a1/w102',101,773,1161);
INSERT INTO "ledger_entries" VALUES(4,'86','@issued/2',102,-773,NULL);
INSERT INTO "ledger_entries" VALUES(4,'86','a2/w102',102,773,1161);
INSERT INTO "ledger_entries" VALUES(4,'87','a1/w142',103,-180,1220);
INSERT INTO "ledger_entries" VALUES(4,'87','@burned/1',103,180,NULL);
INSERT INTO "ledger_entries" VALUES(4,'88','a3/w107',104,-3,0);
INSERT INTO "ledger_entries" VALUES(4,'88','s3',104,3,3988);
INSERT INTO "ledger_entries" VALUES(4,'89','a3/w125',105,-3,0);
INSERT INTO "ledger_entries" VALUES(4,'89','s3',105,3,3991);
INSERT INTO "ledger_entries" VALUES(4,'90','a1/w142',106,-180,1040);
INSERT INTO "ledger_entries" VALUES(4,'90','a1/h142',106,180,180);
INSERT INTO "ledger_entries" VALUES(5,'1','@issued/1',1,-2,NULL);
INSERT INTO "ledger_entries" VALUES(5,'1','a1/w101',1,2,2);
INSERT INTO "ledger_entries" VALUES(5,'2','@issued/1',2,-3,NULL);
INSERT INTO "ledger_entries" VALUES(5,'2','a1/w102',2,3,3);
INSERT INTO "ledger_entries" VALUES(5,'3','@issued/1',3,-4,NULL);
INSERT INTO "ledger_entries" VALUES(5,'3','a1/w103',3,4,4);
INSERT INTO "ledger_entries" VALUES(2,'txn_mnppcdbrnylewb6vw364','advocate/adv_demo0000000000000001',1179649,250,2950);
INSERT INTO "ledger_entries" VALUES(2,'txn_mnppcdbrnylewb6vw364','@issued',1179649,-250,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_o18gun5cy2zf311zmxie','advocate/adv_demo0000000000000001',1245185,-50,2900);
INSERT INTO "ledger_entries" VALUES(2,'txn_o18gun5cy2zf311zmxie','@spent',1245185,50,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_491o8cccvs5q3omvmv04','advocate/adv_demo0000000000000001',1703937,-500,2400);
INSERT INTO "ledger_entries" VALUES(2,'txn_491o8cccvs5q3omvmv04','@spent',1703937,500,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_sqtcme1djvjugt9mp1ds','advocate/adv_demo0000000000000001',1835009,-5,2395);
INSERT INTO "ledger_entries" VALUES(2,'txn_sqtcme1djvjugt9mp1ds','@spent',1835009,5,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_hy4dm6bmac62hjoqj4sm','advocate/adv_demo0000000000000001',2359297,200,2595);
INSERT INTO "ledger_entries" VALUES(2,'txn_hy4dm6bmac62hjoqj4sm','@issued',2359297,-200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_8wocrmy6dzjchl52ejmu','advocate/adv_demo0000000000000001',2490369,200,2795);
INSERT INTO "ledger_entries" VALUES(2,'txn_8wocrmy6dzjchl52ejmu','@issued',2490369,-200,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_euj9ws43pvzyqow36coq','advocate/adv_demo0000000000000001',2555905,150,2945);
INSERT INTO "ledger_entries" VALUES(2,'txn_euj9ws43pvzyqow36coq','@issued',2555905,-150,NULL);
INSERT INTO "ledger_entries" VALUES(2,'txn_96f6i7w7600ja5b14u3i','advocate/adv_demo0000000000000001',3080193,100,3045);
INSERT INTO "ledger_entries" VALUES(2,'txn_96f6i7w7600ja5b14u3i','@issued',3080193,-100,NULL);
INSERT INTO "ledger_entries" VALUES(3,'e075bc04-2c9c-4fc5-8387-8b51095dfa69','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1376257,3,3);
INSERT INTO "ledger_entries" VALUES(3,'e075bc04-2c9c-4fc5-8387-8b51095dfa69','@issued',1376257,-3,NULL);
INSERT INTO "ledger_entries" VALUES(3,'03f37d20-a62b-43cf-a79a-886a69bbf911','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1441793,3,6);
INSERT INTO "ledger_entries" VALUES(3,'03f37d20-a62b-43cf-a79a-886a69bbf911','@issued',1441793,-3,NULL);
INSERT INTO "ledger_entries" VALUES(3,'f8575763-6510-4190-a12f-3c59972dff1f','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1507329,3,9);
INSERT INTO "ledger_entries" VALUES(3,'f8575763-6510-4190-a12f-3c59972dff1f','@issued',1507329,-3,NULL);
INSERT INTO "ledger_entries" VALUES(3,'a74ca4cc-aba3-48a3-ae8c-eff0586ac77b','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1572865,3,12);
INSERT INTO "ledger_entries" VALUES(3,'a74ca4cc-aba3-48a3-ae8c-eff0586ac77b','@issued',1572865,-3,NULL);
INSERT INTO "ledger_entries" VALUES(3,'bc87c7de-bc93-4ad8-aa4a-eb60a24545bc','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1638401,4,16);
INSERT INTO "ledger_entries" VALUES(3,'bc87c7de-bc93-4ad8-aa4a-eb60a24545bc','@issued',1638401,-4,NULL);
INSERT INTO "ledger_entries" VALUES(3,'4ec4766c-6916-42e4-95bb-fdaefafb96d5','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1638403,50,66);
INSERT INTO "ledger_entries" VALUES(3,'4ec4766c-6916-42e4-95bb-fdaefafb96d5','@issued',1638403,-50,NULL);
INSERT INTO "ledger_entries" VALUES(3,'2d7546a7-9128-4883-91ca-dc5876748f10','contact/9ce12fb6-ab57-4f53-af5d-f0a8bec629e0',1703937,4,70);
INSERT INTO "ledger_entries" VALUES(3,'2d7546a7-9128-4883-91ca-dc5876748f10','@issued',1703937,-4,NULL);
INSERT INTO "ledger_entries" VALUES(3,'057b9e4f-785e-4026-a3c0-7f5cb7c52d8a','contact/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a02',1769473,24,305);
INSERT INTO "ledger_entries" VALUES(3,'057b9e4f-785e-4026-a3c0-7f5cb7c52d8a','@issued',1769473,-24,NULL);
INSERT INTO "ledger_entries" VALUES(4,'91','@issued/1',6225921,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'91','a1/w142',6225921,30,1070);
INSERT INTO "ledger_entries" VALUES(4,'92','@issued/1',6815745,-30,NULL);
INSERT INTO "ledger_entries" VALUES(4,'92','a1/w142',6815745,30,1100);
INSERT INTO "ledger_entries" VALUES(4,'93','a1/w142',6946817,-60,1040);
INSERT INTO "ledger_entries" VALUES(4,'93','@burned/1',6946817,60,NULL);
INSERT INTO "ledger_entries" VALUES(4,'94','@issued/1',11796481,-350,NULL);
INSERT INTO "ledger_entries" VALUES(4,'94','a1/w142',11796481,350,1390);
INSERT INTO "ledger_entries" VALUES(2,'txn_2fhgiajk0jzrr8kaz6ho','advocate/adv_demo0000000000000001',3604481,100,3145);
INSERT INTO "ledger_entries" VALUES(2,'txn_2fhgiajk0jzrr8kaz6ho','@issued',3604481,-100,NULL);
CREATE TABLE ledger_transactions (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	number INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	description VARCHAR(500), 
	reference_type VARCHAR(32), 
	reference_id VARCHAR(64), 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_ledger_transactions PRIMARY KEY (tenant_id, id)
);
INSERT INTO "ledger_transactions" VALUES(2,'txn_247a1043f16732326160',1,'award','Spoke at the spring meeting',NULL,NULL,1762057438388);
INSERT INTO "ledger_transactions" VALUES(2,'txn_717d70a4f70d23bb6e11',2,'award','Welcome',NULL,NULL,1763157159742);
INSERT INTO "ledger_transactions" VALUES(2,'txn_cc2df4403276da0fcc39',3,'quest_completion','Say it in your words','completion','cmp_93ce70f5afe94c83acd5',1763638596053);
INSERT INTO "ledger_transactions" VALUES(2,'txn_331988a842faaa26073f',4,'quest_completion','Share the launch','completion','cmp_4e95fde1931c21e9a067',1763685971250);
INSERT INTO "ledger_transactions" VALUES(2,'txn_e2fc68ae79a0cae33b08',5,'award','Beta test',NULL,NULL,1764044112997);
INSERT INTO "ledger_transactions" VALUES(2,'txn_1d4b7d0d6fadc1e16caf',6,'award','Case study',NULL,NULL,1764995341215);
INSERT INTO "ledger_transactions" VALUES(2,'txn_9be0b2cbad80ba1e82f0',7,'award','Welcome',NULL,NULL,1765485191155);
INSERT INTO "ledger_transactions" VALUES(2,'txn_86685faf397bdbdc725b',8,'award','Spoke at the spring meeting',NULL,NULL,1765855562638);
INSERT INTO "ledger_transactions" VALUES(2,'txn_7e04986a341719f75e46',9,'award','Welcome',NULL,NULL,1766048562038);
INSERT INTO "ledger_transactions" VALUES(2,'txn_403f52454a77a48571a4',10,'redemption','Blue mug','redemption','red_03e927b6c571b62c2cd7',1766125094764);
INSERT INTO "ledger_transactions" VALUES(2,'txn_80ce74627211e6cf6ea4',11,'award','Welcome',NULL,NULL,1766526346939);
INSERT INTO "ledger_transactions" VALUES(2,'txn_e33f9e255115b71db15d',12,'award','Case study',NULL,NULL,1766687171411);
INSERT INTO "ledger_transactions" VALUES(2,'txn_737980c69692058ef0fd',13,'award','Spoke at the spring meeting',NULL,NULL,1767342665959);
INSERT INTO "ledger_transactions" VALUES(2,'txn_ddf0e76c7c7dc91b2563',14,'referral_conversion',NULL,'conversion','cnv_b234393f72e0f98b51af',1767365880029);
INSERT INTO "ledger_transactions" VALUES(2,'txn_6df269d43b608e272de9',15,'award','Spoke at the spring meeting',NULL,NULL,1767697200912);
INSERT INTO "ledger_transactions" VALUES(2,'txn_c76cd7b6bc9da254b577',16,'referral_conversion',NULL,'conversion','cnv_d0fef8d40f7eac4fe5d8',1767892120215);
INSERT INTO "ledger_transactions" VALUES(2,'txn_2c563863b7d0bafa751d',17,'referral_conversion',NULL,'conversion','cnv_426992fc05eff82d27ab',1768232814839);
INSERT INTO "ledger_transactions" VALUES(2,'txn_91d5438752fc019b555e',18,'quest_completion','Write a review','completion','cmp_13c2a46dc7e2a8fafcd4',1768269053059);
INSERT INTO "ledger_transactions" VALUES(2,'txn_26108e077e1ea89434e7',19,'award','Keynote at the user conference',NULL,NULL,1768305600000);
INSERT INTO "ledger_transactions" VALUES(2,'txn_a0acb15486916d76d279',20,'redemption','Ten percent off','redemption','red_e123bcb8781a73a47365',1768317882108);
INSERT INTO "ledger_transactions" VALUES(2,'txn_2b524f32e9ae997d0ff4',21,'quest_completion','Write a review','completion','cmp_58584e5c3ed56ec77cc5',1768341781323);
INSERT INTO "ledger_transactions" VALUES(2,'txn_6936fb63ca3a28a03dcd',22,'quest_completion','Tell a friend','completion','cmp_0389d5454b4dbf642e73',1768375516059);
INSERT INTO "ledger_transactions" VALUES(2,'txn_8694dc5bc8160ad0413e',23,'referral_conversion',NULL,'conversion','cnv_d1308973d159c744b2f0',1768381272782);
INSERT INTO "ledger_transactions" VALUES(2,'txn_21802b607f87024dfafa',24,'award','Case study',NULL,NULL,1768392000000);
INSERT INTO "ledger_transactions" VALUES(2,'txn_9bf6943a656a47751539',25,'quest_completion','Write a review','completion','cmp_30fbb64846577ac4e7ee',1768405061143);
INSERT INTO "ledger_transactions" VALUES(2,'txn_c923768614c7154cb9a2',26,'quest_completion','Tell a friend','completion','cmp_428487ef3731b78d205e',1768433236128);
INSERT INTO "ledger_transactions" VALUES(2,'txn_d30c297df9bbb0e3a37a',27,'redemption','Coffee gift card','redemption','red_bf0d472b564e748a94d4',1768435200000);
INSERT INTO "ledger_transactions" VALUES(3,'bb53ec36-93f7-4e44-b532-cbbcbc968051',1,'credit_reception',NULL,'credit_reception','bb53ec36-93f7-4e44-b532-cbbcbc968051',1758622426820);
INSERT INTO "ledger_transactions" VALUES(3,'967f76cf-d999-4521-889c-4fff21f3c843',2,'credit_reception',NULL,'credit_reception','967f76cf-d999-4521-889c-4fff21f3c843',1760808781790);
INSERT INTO "ledger_transactions" VALUES(3,'3209b7c7-0ca9-4165-8fed-c9aca8746393',3,'credit_reception',NULL,'credit_reception','3209b7c7-0ca9-4165-8fed-c9aca8746393',1762988264706);
INSERT INTO "ledger_transactions" VALUES(3,'9c442d47-a1e7-4286-80be-816555c9f718',4,'credit_reception',NULL,'credit_reception','9c442d47-a1e7-4286-80be-816555c9f718',1763288426252);
INSERT INTO "ledger_transactions" VALUES(3,'f88fc93a-8987-4d5d-b8ee-f413eb0c1b15',5,'credit_reception',NULL,'credit_reception','f88fc93a-8987-4d5d-b8ee-f413eb0c1b15',1764817676613);
INSERT INTO "ledger_transactions" VALUES(3,'9c5bdb10-2e11-4618-b8a5-84d8f69c1571',6,'credit_reception',NULL,'credit_reception','9c5bdb10-2e11-4618-b8a5-84d8f69c1571',1764825932873);
INSERT INTO "ledger_transactions" VALUES(3,'647e120f-8d2b-40e2-b89c-a7cf2bf05a0c',7,'credit_reception',NULL,'credit_reception','647e120f-8d2b-40e2-b89c-a7cf2bf05a0c',1765137696215);
INSERT INTO "ledger_transactions" VALUES(3,'a3612a0e-6a94-47ae-a772-f606c7012b0e',8,'credit_reception',NULL,'credit_reception','a3612a0e-6a94-47ae-a772-f606c7012b0e',1765493717934);
INSERT INTO "ledger_transactions" VALUES(3,'ea564700-c9a9-42aa-bc09-4a027f22e5d1',9,'credit_reception',NULL,'credit_reception','ea564700-c9a9-42aa-bc09-4a027f22e5d1',1765525972157);
INSERT INTO "ledger_transactions" VALUES(3,'09ffbc4e-2afc-43a7-b99b-7405bf98883e',10,'credit_reception',NULL,'credit_reception','09ffbc4e-2afc-43a7-b99b-7405bf98883e',1765702061528);
INSERT INTO "ledger_transactions" VALUES(3,'ab5db78d-5eb8-4cd4-99b7-25339f32977b',11,'credit_reception',NULL,'credit_reception','ab5db78d-5eb8-4cd4-99b7-25339f32977b',1765862334903);
INSERT INTO "ledger_transactions" VALUES(3,'e2bcd09a-e428-4016-816d-548fbf9f2c7a',12,'credit_reception',NULL,'credit_reception','e2bcd09a-e428-4016-816d-548fbf9f2c7a',1766075937808);
INSERT INTO "ledger_transactions" VALUES(3,'87f37a3c-76e9-4b19-9010-1b3c237e639b',13,'credit_reception',NULL,'credit_reception','87f37a3c-76e9-4b19-9010-1b3c237e639b',1766114180397);
INSERT INTO "ledger_transactions" VALUES(3,'9a0eebed-8431-41e6-bd49-0fd931ffb79c',14,'credit_reception',NULL,'credit_reception','9a0eebed-8431-41e6-bd49-0fd931ffb79c',1766232371170);
INSERT INTO "ledger_transactions" VALUES(3,'4bc23102-4e0d-4969-9c6e-082af9cebc1b',15,'credit_reception',NULL,'credit_reception','4bc23102-4e0d-4969-9c6e-082af9cebc1b',1766668899565);
INSERT INTO "ledger_transactions" VALUES(3,'2ca203c3-41df-49d7-85c6-5aecfc2c078b',16,'credit_reception',NULL,'credit_reception','2ca203c3-41df-49d7-85c6-5aecfc2c078b',1766761888939);
INSERT INTO "ledger_transactions" VALUES(3,'83b36fba-97f8-4378-825d-71cc55f2c39f',17,'credit_reception',NULL,'credit_reception','83b36fba-97f8-4378-825d-71cc55f2c39f',1766919560245);
INSERT INTO "ledger_transactions" VALUES(3,'dd5328fd-67c1-45a3-b9e0-3f4962f0ee46',18,'credit_reception',NULL,'credit_reception','dd5328fd-67c1-45a3-b9e0-3f4962f0ee46',1767241829261);
INSERT INTO "ledger_transactions" VALUES(3,'872030ef-4b43-4bbe-9fe8-c7cfa966d28a',19,'referral_incentive',NULL,'referral','25cc7298-a38f-420b-8796-a70898f09fe8',1767241829261);
INSERT INTO "ledger_transactions" VALUES(3,'7f76142f-2954-4da9-a98c-a4dae76c553c',20,'credit_reception',NULL,'credit_reception','7f76142f-2954-4da9-a98c-a4dae76c553c',1767284599473);
INSERT INTO "ledger_transactions" VALUES(3,'54997717-57d0-48f2-bf7f-20611b0bdcc5',21,'referral_incentive',NULL,'referral','34b16c85-beec-4986-a663-cc4aebe02277',1767284599473);
INSERT INTO "ledger_transactions" VALUES(3,'b9abaa21-f1c2-444f-adfb-ec618d645870',22,'credit_reception',NULL,'credit_reception','b9abaa21-f1c2-444f-adfb-ec618d645870',1767621635110);
INSERT INTO "ledger_transactions" VALUES(3,'54b80c46-e9a7-4eec-9a51-99ea24e81385',23,'referral_incentive',NULL,'referral','29fa9ed0-8638-441c-8e23-ba67db32ecea',1767621635110);
INSERT INTO "ledger_transactions" VALUES(3,'1a78dde1-0012-4169-bcf9-3d25442fb856',24,'credit_reception',NULL,'credit_reception','1a78dde1-0012-4169-bcf9-3d25442fb856',1767634450228);
INSERT INTO "ledger_transactions" VALUES(3,'8934d4a2-8fc3-4eb3-954a-ce2125a722d6',25,'credit_reception',NULL,'credit_reception','8934d4a2-8fc3-4eb3-954a-ce2125a722d6',1767894650309);
INSERT INTO "ledger_transactions" VALUES(3,'faffdbe1-e0ca-47d2-8cdd-c5ed85f0adf8',26,'credit_reception',NULL,'credit_reception','faffdbe1-e0ca-47d2-8cdd-c5ed85f0adf8',1767996515159);
INSERT INTO "ledger_transactions" VALUES(3,'3443783c-40b3-4a8b-a90c-8c1a4ecc685c',27,'credit_reception',NULL,'credit_reception','3443783c-40b3-4a8b-a90c-8c1a4ecc685c',1768318969921);
INSERT INTO "ledger_transactions" VALUES(3,'0a08d15c-b588-477f-b4bc-26e1d36f9bcd',28,'credit_reception',NULL,'credit_reception','0a08d15c-b588-477f-b4bc-26e1d36f9bcd',1768342995264);
INSERT INTO "ledger_transactions" VALUES(3,'8bf4764c-f17e-4c8a-9656-6b239b3085ba',29,'credit_reception',NULL,'credit_reception','8bf4764c-f17e-4c8a-9656-6b239b3085ba',1768368580660);
INSERT INTO "ledger_transactions" VALUES(3,'eeec6e66-b03c-4393-a019-5865648a4a91',30,'credit_reception',NULL,'credit_reception','eeec6e66-b03c-4393-a019-5865648a4a91',1768390600879);
INSERT INTO "ledger_transactions" VALUES(3,'0092190b-6c19-4c1e-b7c3-5fc4ba743810',31,'credit_reception',NULL,'credit_reception','0092190b-6c19-4c1e-b7c3-5fc4ba743810',1768399058058);
INSERT INTO "ledger_transactions" VALUES(3,'6ba95c9f-0c54-4f06-b641-f57d496ab3b3',32,'credit_reception',NULL,'credit_reception','6ba95c9f-0c54-4f06-b641-f57d496ab3b3',1768412960935);
INSERT INTO "ledger_transactions" VALUES(3,'0b02fa11-7616-4440-832f-33df6ea41069',33,'credit_reception',NULL,'credit_reception','0b02fa11-7616-4440-832f-33df6ea41069',1768412965346);
INSERT INTO "ledger_transactions" VALUES(3,'9e3aa8bd-7c9c-4012-a4f0-c85b68742192',34,'credit_reception',NULL,'credit_reception','9e3aa8bd-7c9c-4012-a4f0-c85b68742192',1768423598674);
INSERT INTO "ledger_transactions" VALUES(3,'558d0837-2aa0-49f6-ae43-cbf48ca24a93',35,'credit_reception',NULL,'credit_reception','558d0837-2aa0-49f6-ae43-cbf48ca24a93',1768429321724);
INSERT INTO "ledger_transactions" VALUES(3,'93210962-e3b4-46a3-a755-2d59ff7c9978',36,'credit_reception',NULL,'credit_reception','93210962-e3b4-46a3-a755-2d59ff7c9978',1768435409971);
INSERT INTO "ledger_transactions" VALUES(3,'e502289e-d7b7-460c-8245-ce879fb36ada',37,'credit_reception',NULL,'credit_reception','e502289e-d7b7-460c-8245-ce879fb36ada',1768449980598);
INSERT INTO "ledger_transactions" VALUES(3,'64ba0552-fb77-4a10-ad7d-bb4551ba0da6',38,'referral_incentive',NULL,'referral','0b8a4d52-7c13-4f69-a2e8-5d1c9b7f3e01',1768449980598);
INSERT INTO "ledger_transactions" VALUES(3,'8977b637-f6d6-4745-94d4-1f1a9802d622',39,'credit_reception',NULL,'credit_reception','8977b637-f6d6-4745-94d4-1f1a9802d622',1768453322434);
INSERT INTO "ledger_transactions" VALUES(3,'1d7e20e6-6d97-4fae-9ca7-2f6db1dfffb8',40,'credit_reception',NULL,'credit_reception','1d7e20e6-6d97-4fae-9ca7-2f6db1dfffb8',1768464335709);
INSERT INTO "ledger_transactions" VALUES(2,'txn_mnppcdbrnylewb6vw364',1179649,'award','Spoke at the spring meeting',NULL,NULL,1768478400004);
INSERT INTO "ledger_transactions" VALUES(2,'txn_o18gun5cy2zf311zmxie',1245185,'deduct','Booked twice',NULL,NULL,1768478400005);
INSERT INTO "ledger_transactions" VALUES(2,'txn_491o8cccvs5q3omvmv04',1703937,'redemption','Coffee gift card','redemption','red_2qqzpq2lf4o5cz0gmadx',1768478400007);
INSERT INTO "ledger_transactions" VALUES(2,'txn_sqtcme1djvjugt9mp1ds',1835009,'redemption','Mug','redemption','red_3ni8yw4qr3b2734oibxo',1768478400009);
INSERT INTO "ledger_transactions" VALUES(2,'txn_hy4dm6bmac62hjoqj4sm',2359297,'quest_completion','Write a review','completion','cmp_719virjkk2jasdgd4hz5',1768478400013);
INSERT INTO "ledger_transactions" VALUES(2,'txn_8wocrmy6dzjchl52ejmu',2490369,'quest_completion','Write a review','completion','cmp_41cu1hv42dvqgbkpiy3n',1768478400014);
INSERT INTO "ledger_transactions" VALUES(2,'txn_euj9ws43pvzyqow36coq',2555905,'quest_completion','Tell a friend','completion','cmp_yjiye8tswycld6bteds1',1768478400015);
INSERT INTO "ledger_transactions" VALUES(2,'txn_96f6i7w7600ja5b14u3i',3080193,'referral_conversion',NULL,'conversion','cnv_0t0gewuztjuo6o4h07ed',1768478400019);
INSERT INTO "ledger_transactions" VALUES(3,'e075bc04-2c9c-4fc5-8387-8b51095dfa69',1376257,'credit_reception',NULL,'credit_reception','e075bc04-2c9c-4fc5-8387-8b51095dfa69',1768478400030);
INSERT INTO "ledger_transactions" VALUES(3,'03f37d20-a62b-43cf-a79a-886a69bbf911',1441793,'credit_reception',NULL,'credit_reception','03f37d20-a62b-43cf-a79a-886a69bbf911',1768478400031);
INSERT INTO "ledger_transactions" VALUES(3,'f8575763-6510-4190-a12f-3c59972dff1f',1507329,'credit_reception',NULL,'credit_reception','f8575763-6510-4190-a12f-3c59972dff1f',1768478400032);
INSERT INTO "ledger_transactions" VALUES(3,'a74ca4cc-aba3-48a3-ae8c-eff0586ac77b',1572865,'credit_reception',NULL,'credit_reception','a74ca4cc-aba3-48a3-ae8c-eff0586ac77b',1768478400033);
INSERT INTO "ledger_transactions" VALUES(3,'bc87c7de-bc93-4ad8-aa4a-eb60a24545bc',1638401,'credit_reception',NULL,'credit_reception','bc87c7de-bc93-4ad8-aa4a-eb60a24545bc',1768478400034);
INSERT INTO "ledger_transactions" VALUES(3,'4ec4766c-6916-42e4-95bb-fdaefafb96d5',1638403,'referral_incentive',NULL,'referral','ebca6dbc-511e-4049-bd63-c3657c82ab55',1768478400034);
INSERT INTO "ledger_transactions" VALUES(3,'2d7546a7-9128-4883-91ca-dc5876748f10',1703937,'credit_reception',NULL,'credit_reception','2d7546a7-9128-4883-91ca-dc5876748f10',1768478400035);
INSERT INTO "ledger_transactions" VALUES(3,'057b9e4f-785e-4026-a3c0-7f5cb7c52d8a',1769473,'credit_reception',NULL,'credit_reception','057b9e4f-785e-4026-a3c0-7f5cb7c52d8a',1768478400036);
INSERT INTO "ledger_transactions" VALUES(2,'txn_2fhgiajk0jzrr8kaz6ho',3604481,'referral_conversion',NULL,'conversion','cnv_qb9blmnvo098trmovdpc',1768914000147);
CREATE TABLE public_links (
	token VARCHAR(64) NOT NULL, 
	tenant_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	target VARCHAR(255) NOT NULL, 
	subject VARCHAR(255), 
	expires_ms INTEGER, 
	CONSTRAINT pk_public_links PRIMARY KEY (token)
);
INSERT INTO "public_links" VALUES('eHz2mt1N',1,'share','referral-program','ANASTONE',NULL);
INSERT INTO "public_links" VALUES('4cMhT5U2',1,'share','partner-program','ANASTONE2',NULL);
INSERT INTO "public_links" VALUES('LmrEUkLn',1,'share','referral-program','BENOKAFOR',NULL);
INSERT INTO "public_links" VALUES('srl7rvvB',1,'share','partner-program','BENOKAFOR2',NULL);
INSERT INTO "public_links" VALUES('hmTH5nRd',1,'share','referral-program','JASONDOMINGUEZ',NULL);
INSERT INTO "public_links" VALUES('7zUqDppS',1,'share','partner-program','JASONDOMINGUEZ2',NULL);
INSERT INTO "public_links" VALUES('FlV5oqZF',1,'share','referral-program','MELISSARIVERA',NULL);
INSERT INTO "public_links" VALUES('20MMMIPw',1,'share','partner-program','MELISSARIVERA2',NULL);
INSERT INTO "public_links" VALUES('3CtXT6OY',1,'share','referral-program','KARENMITCHELL',NULL);
INSERT INTO "public_links" VALUES('LgKcVFDp',1,'share','partner-program','KARENMITCHELL2',NULL);
INSERT INTO "public_links" VALUES('YAb7Akbc',1,'share','referral-program','PAULHILL',NULL);
INSERT INTO "public_links" VALUES('BR1rao5n',1,'share','partner-program','PAULHILL2',NULL);
INSERT INTO "public_links" VALUES('BTYFtWAE',1,'share','referral-program','GEORGEHERNANDEZ',NULL);
INSERT INTO "public_links" VALUES('HVBDspkK',1,'share','partner-program','GEORGEHERNANDEZ2',NULL);
INSERT INTO "public_links" VALUES('m53qjWh9',1,'share','referral-program','TRACYJUAREZ',NULL);
INSERT INTO "public_links" VALUES('M7ap8pwc',1,'share','partner-program','TRACYJUAREZ2',NULL);
INSERT INTO "public_links" VALUES('38f6hBEh',1,'share','referral-program','LENAMOOR',NULL);
INSERT INTO "public_links" VALUES('S78BuMvm',1,'share','partner-program','LENAMOOR2',NULL);
INSERT INTO "public_links" VALUES('LBz8RlfA',1,'share','referral-program',NULL,NULL);
INSERT INTO "public_links" VALUES('Fb50gFDV',1,'share','partner-program',NULL,NULL);
INSERT INTO "public_links" VALUES('iADMD0fi',1,'share','referral-program',NULL,NULL);
INSERT INTO "public_links" VALUES('xNg8U7tS',1,'share','partner-program',NULL,NULL);
INSERT INTO "public_links" VALUES('auLM0vh9',1,'share','referral-program',NULL,NULL);
INSERT INTO "public_links" VALUES('Lu6meOC4',1,'share','partner-program',NULL,NULL);
INSERT INTO "public_links" VALUES('60mOpsuE4TV2oJxvg1qZwv4Wi74E8H',1,'file','exports/demo/e23fdf6400654a84e045561e.csv','e23fdf6400654a84e045561e',1768482900064);
INSERT INTO "public_links" VALUES('LArFJfYP3JyRS2g7vvmHupn7Aq5Bzq',1,'file','exports/demo/0b66b1498541b7d72cf172e2.zip','0b66b1498541b7d72cf172e2',1768482900065);
INSERT INTO "public_links" VALUES('R4SAfvNHaaZVcnsorLUBk3YFj82vqY',1,'file','exports/demo/05c3cd6a9d455ceac2ba4dcb.csv','05c3cd6a9d455ceac2ba4dcb',1768482900066);
INSERT INTO "public_links" VALUES('dAJxCvrd0mAbLG89i3B6YS5MYBysFx',1,'file','exports/demo/8c8556f6a8302de08f8d3f12.zip','8c8556f6a8302de08f8d3f12',1768482900067);
INSERT INTO "public_links" VALUES('KAncLsSH4Obm87SYZyyw8WjYaWg3Ce',1,'file','exports/demo/620b721f01ceecbf02790b7b.csv','620b721f01ceecbf02790b7b',1768482900068);
INSERT INTO "public_links" VALUES('CRnL7LIzSdfZZveCou5LZs8wJXKqtR',1,'file','exports/demo/dd30b8b6a3eacd3410add3fd.zip','dd30b8b6a3eacd3410add3fd',1768482900069);
INSERT INTO "public_links" VALUES('lTUo5s622fe4KiDCjWQerGjrOi3wI3',1,'file','exports/demo/b6297abeb9b461b98fbfa7a5.csv','b6297abeb9b461b98fbfa7a5',1768482900070);
INSERT INTO "public_links" VALUES('9iGBPFzID8uGYB0Zv2U44RUR10aE1L',1,'file','exports/demo/6fd5d98ad33a80fac5ebdc17.zip','6fd5d98ad33a80fac5ebdc17',1768482900071);
INSERT INTO "public_links" VALUES('NxCW5lqb',1,'share','referral-program','KIM',NULL);
INSERT INTO "public_links" VALUES('El0A1OuH',1,'share','partner-program','KIM2',NULL);
CREATE TABLE sandboxes (
	id INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	seed INTEGER, 
	fixed_at_ms INTEGER, 
	offset_ms INTEGER NOT NULL, 
	boots INTEGER NOT NULL, 
	CONSTRAINT pk_sandboxes PRIMARY KEY (id), 
	CONSTRAINT uq_sandboxes_name UNIQUE (name)
);
INSERT INTO "sandboxes" VALUES(1,'main',1,1768914000150,0,0);
CREATE TABLE signing_keys (
	kid VARCHAR(64) NOT NULL, 
	sealed BLOB NOT NULL, 
	public_jwk JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	retired_ms INTEGER, 
	CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
);
INSERT INTO "signing_keys" VALUES('5c1f7a52-6f0e-4b8e-9d43-2f6f0a7f4e11',X'A62B349E6F64C1A3894636935EC4FD27D023F205B3332B2EDDA83ABB7424072D52CA54DD1850B83D21CC8C9D89726E893979636085675A2DC77B8478BC52C7ECAB5E1B07E17B0C96130039C0F4E06B886E9E20448D9C9C20EEC11AA0F946978B6592FE6A68440B2702306EBF61EE775DF15B06FDA2DB87AA2921985B8C182AE5A7B9CB24781E4C742E4D436AC832C577FEEA0EF01A01C18D14614DC78410BEDF49498E0C836C7E9D62F9F2906A87271760AEEDA04774FD799D782E5DFFC4669FD1102E30FF15FAA04A1A93F0234D8D966E7BFDCD6CCA2DBB510C3FFC9B8F697757B39653E1357D173ACDB54CEFC8FC824AEE86DD4297B30D89F763249BA4228CAD6EC3F79348C661906941AFC850AD6907B11BEE2BE75B37DB44909CD4723EFAF3B3B89B5251F4DA5BB13B95FA2059594944ECFF62F01D9A533DA179D0248EC771DCA15A155ED01D30124FB9401F99723007A95188DB73AA95E928A08AD4B223D1E5465C7C2027C72F688BB70563688369730FB8A2808AD062EF35A5F5508F9726E2453E1E0FD70E64626FCCBFF43F3D8CD787EAD3A798179021618FBF63666AFDB4409E83C75DAF317D6820A3BA301AA19B79F69FC6E74A0F58DA9F2BC53063818D746895A0754BB1585F6326F01BEC29B6FCA78DB3FBF51D204A77C83E0B4A31A14F8058D19813DD8E978A79206BDB3E32B26BC8F25FD0BA91B8F46E625A07EA0008B5D12F0B7761408A0F436A449D06C68313E8690EF1DF0D08C7316F57402D2BCEE0BC1B2D25CA803E2DE35CD631A408F07BA8BDD4705132BBB10F7308165F380F25B0CE64555C1C8D5FADB0FCBABE740BFEE1284234ADA7A4C7859BA2C743517217DD2328E795E8FEEFD4FB2BB927D4D4A5A9571EA3D65681E0FF801A6FE61F3662541051BC3A9FE6DE79B8FB605D80F41FEE1B7531F6C40E2B07649FDF2DC4F5591B49837816B793937A50B43B4A0E82E5F328506E0C7E1E01614A0586A544760790C6804A688AB6CCE6D727EAE853445CFC29F3D1ED8E47B3E41238F96C12D75BCC47903666C2A6236961415F7C75D6531C4F88C21245EDF365FEF894D5C3400E1E3163C9E7947AC55C11AE37661117AA46E1E0901329C368DBF0A3776329EBB1AD42B82F5BFCC8B0091576A8431C489D8982F78BE093995B706FE57E8D64972961736FB67009B8917F36B3FFA7B37EDE0A2D18A48C583B9841913FB56CEBA449B92EA36503936569547548772EC74C3A78885FC013BAEFCC4BF8E3D4C6ABE344763565EC6F1930CB77E3312F0B8BAE8E9279929064627969C56EBE5456B9BA8CBC53978AAD736CBAA1EAEACA4C92702F80F5F330261B0246BC247F9F978A0E37BFEADC56E3CAD609A1ABD2ED8EB0A63787B33D80E8693AF866E9389AC2FEE69671EC0D55C0CEF633CF2E5D36BE21284E1B3C20BE388816D8E8130BDA882C222530A69DB3A09FB28916E80195BF446ABA2E0EF7F007706983D7063BE8869D5B48CB7C1D39084C432D96ECAD0C5769FE02EB3DFF08C9C933B9BD76F6FFA3022997B6240B98A4B6D880229E3ABFAA9744282E023515007AD93AE6ACA00E664C635B4187DDF7E62C4F0C1D16BFFAD1DF05035BD81F611C50F1AE1B7D7B4E04DA6126A7D5A9D7EC2C593E2E4DD06222BD7C2A18B1D161311E3F14E0AFA4056AF40051A38A515CF949BF1431EA36D5701708B22694661F200D728332B2999F080D2B7FCDB17704A0D15730952D825745D9C7A290AFCF322D4032E8E09EE53CF4305373BAFDDF728AE8317B3FED6EEC8CFE6D8B3B71E64378CBDE87F2CD0FB2D072EF8783984124BAB85D8ACD4A31547DF9DEF9CBE3DDAB2BBE4686C636466B28F108B151BDC38547E7D37B768F3AC08A02F4B6C388DAF3DD3EE192AA9000507A4066A2F27A580CDE5BF7218BCFA9BEE461C7B2FDF9888F7C5AEB1431CF2E21EFDE00DA54D081E3F16F8865D39DA3A27802B6347751DF15E6C79C80F5FCDBF0FED6FB5A81180A1BC1C925974712D18395C04DF10CAC12692E513F616ACA72DDC2F3261DC0A2A325492E29C071CAEFB667C7F6C1C56966F8C33D65F9CA7C0DE0C81EA29F67D080D81CA5EA35F9131E5D58691496FF4B2BE3EB325B215A00A6DE831E4CD571CE2572ACA76A79D3A421E71C1B5140AD8E2622654C4DEDB5C8F29101DE16F3066919CE52B9D6777323D619A67399DDF3F6A21DD9720370C49562003AABC30E1AE09C5874F70B503675D1B3859695A013F35C43F0AC55ECA0C84F597708545C24DD58DB67E094304BB9CA8738A3869AC5A1F56345A009C3629534950F6A7343FCEDB2E648795D9E64775CBAF7D78AC7FD98B7C8B8FC9614001AA186ED2B4203F3170DDEA633D56A06CC6B6F7A8AB93D5227E018A9C256F65B1DE60B9B9AA559817E10AE06554667D49140887C1B242DB32CB5DF173DEFD4E0F8C57E6A6567A1','{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "5c1f7a52-6f0e-4b8e-9d43-2f6f0a7f4e11", "n": "nOn5VvuSY3xksnBLdRV3SrqFl0sOprxPtTleV20PuqxubJEsTawx15Y2IHZqGZOJ5L4VPw_IMZ-4egDPYMUiM1AHaoh1jabrGsmDBP8JrjCeAjLG0hr-mn83rznjxiB21MCCkb9eErnAPjCdakJOy-YXBFMJ25G6bYbvtiis6lskD9k4P-1RSygXxiLLwuVn-zf66jWiCBzWs6UZ9uxtxZcmFwBC_eoWKsVJyc655QMrxIeqPhlfeaEQfBoK_C5cGnkB-hNYqXpYoPAkipfXvPPl_zkNlS7Kc_7sReZeJX04iTUVvuWJKv-NRI5LMU2EwPW969jrweXFAj2TXP1YUQ", "e": "AQAB"}',1768478400000,NULL);
CREATE TABLE sq_accounts (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(255) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_accounts PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_accounts" VALUES(1,'acme',1768305600000);
INSERT INTO "sq_accounts" VALUES(1,'birch',1768392000000);
INSERT INTO "sq_accounts" VALUES(1,'miller-hall',1762789568439);
INSERT INTO "sq_accounts" VALUES(1,'gray-chase-and-hartman',1761065658209);
INSERT INTO "sq_accounts" VALUES(1,'elliott-plc',1762842398141);
INSERT INTO "sq_accounts" VALUES(1,'cummings-inc',1764786591975);
INSERT INTO "sq_accounts" VALUES(1,'shop-1',1768482000043);
INSERT INTO "sq_accounts" VALUES(1,'home-2',1768482000051);
INSERT INTO "sq_accounts" VALUES(1,'kept',1768914000148);
CREATE TABLE sq_codes (
	tenant_id INTEGER NOT NULL, 
	folded VARCHAR(64) NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	account_id VARCHAR(255) NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	program_id VARCHAR(64) NOT NULL, 
	is_primary BOOLEAN NOT NULL, 
	link_token VARCHAR(16) NOT NULL, 
	vanity_url VARCHAR(2048), 
	clicks INTEGER NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_codes PRIMARY KEY (tenant_id, folded), 
	CONSTRAINT uq_sq_codes_tenant_id_link_token UNIQUE (tenant_id, link_token), 
	CONSTRAINT uq_sq_codes_tenant_id_vanity_url UNIQUE (tenant_id, vanity_url)
);
INSERT INTO "sq_codes" VALUES(1,'ANASTONE','ANASTONE','acme','ana@example.org','referral-program',1,'eHz2mt1N',NULL,1,1768305600000);
INSERT INTO "sq_codes" VALUES(1,'ANASTONE2','ANASTONE2','acme','ana@example.org','partner-program',1,'4cMhT5U2',NULL,3,1768305600000);
INSERT INTO "sq_codes" VALUES(1,'BENOKAFOR','BENOKAFOR','birch','ben@example.org','referral-program',1,'LmrEUkLn',NULL,21,1768392000000);
INSERT INTO "sq_codes" VALUES(1,'BENOKAFOR2','BENOKAFOR2','birch','ben@example.org','partner-program',1,'srl7rvvB',NULL,8,1768392000000);
INSERT INTO "sq_codes" VALUES(1,'JASONDOMINGUEZ','JASONDOMINGUEZ','miller-hall','jason.dominguez3@yahoo.com','referral-program',1,'hmTH5nRd',NULL,3,1762789568439);
INSERT INTO "sq_codes" VALUES(1,'JASONDOMINGUEZ2','JASONDOMINGUEZ2','miller-hall','jason.dominguez3@yahoo.com','partner-program',1,'7zUqDppS',NULL,21,1762789568439);
INSERT INTO "sq_codes" VALUES(1,'MELISSARIVERA','MELISSARIVERA','gray-chase-and-hartman','u-1004','referral-program',1,'FlV5oqZF',NULL,3,1761065658209);
INSERT INTO "sq_codes" VALUES(1,'MELISSARIVERA2','MELISSARIVERA2','gray-chase-and-hartman','u-1004','partner-program',1,'20MMMIPw',NULL,0,1761065658209);
INSERT INTO "sq_codes" VALUES(1,'KARENMITCHELL','KARENMITCHELL','elliott-plc','u-1005','referral-program',1,'3CtXT6OY',NULL,8,1762842398141);
INSERT INTO "sq_codes" VALUES(1,'KARENMITCHELL2','KARENMITCHELL2','elliott-plc','u-1005','partner-program',1,'LgKcVFDp',NULL,0,1762842398141);
INSERT INTO "sq_codes" VALUES(1,'PAULHILL','PAULHILL','cummings-inc','paul.hill6@hotmail.com','referral-program',1,'YAb7Akbc',NULL,0,1764786591975);
INSERT INTO "sq_codes" VALUES(1,'PAULHILL2','PAULHILL2','cummings-inc','paul.hill6@hotmail.com','partner-program',1,'BR1rao5n',NULL,3,1764786591975);
INSERT INTO "sq_codes" VALUES(1,'GEORGEHERNANDEZ','GEORGEHERNANDEZ','miller-hall','u-1007','referral-program',1,'BTYFtWAE',NULL,21,1759263490393);
INSERT INTO "sq_codes" VALUES(1,'GEORGEHERNANDEZ2','GEORGEHERNANDEZ2','miller-hall','u-1007','partner-program',1,'HVBDspkK',NULL,3,1759263490393);
INSERT INTO "sq_codes" VALUES(1,'TRACYJUAREZ','TRACYJUAREZ','miller-hall','u-1008','referral-program',1,'m53qjWh9',NULL,8,1762467133725);
INSERT INTO "sq_codes" VALUES(1,'TRACYJUAREZ2','TRACYJUAREZ2','miller-hall','u-1008','partner-program',1,'M7ap8pwc',NULL,21,1762467133725);
INSERT INTO "sq_codes" VALUES(1,'LENAMOOR','LENAMOOR','shop-1','lena@example.org','referral-program',1,'38f6hBEh',NULL,0,1768482000043);
INSERT INTO "sq_codes" VALUES(1,'LENAMOOR2','LENAMOOR2','shop-1','lena@example.org','partner-program',1,'S78BuMvm',NULL,0,1768482000043);
INSERT INTO "sq_codes" VALUES(1,'KIM','KIM','kept','kept','referral-program',1,'NxCW5lqb',NULL,0,1768914000148);
INSERT INTO "sq_codes" VALUES(1,'KIM2','KIM2','kept','kept','partner-program',1,'El0A1OuH',NULL,0,1768914000148);
CREATE TABLE sq_do_not_track (
	tenant_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_do_not_track PRIMARY KEY (tenant_id, digest)
);
INSERT INTO "sq_do_not_track" VALUES(1,'c673318134c90f8dcb6b523d1ec36662e6173c2e1ce0b0052140aecfa2664f59',1768654800071);
CREATE TABLE sq_exports (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(24) NOT NULL, 
	type VARCHAR(32) NOT NULL, 
	format VARCHAR(8) NOT NULL, 
	name VARCHAR(255), 
	requester VARCHAR(255) NOT NULL, 
	params JSON, 
	status VARCHAR(16) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	completed_ms INTEGER, 
	expires_ms INTEGER, 
	CONSTRAINT pk_sq_exports PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_exports" VALUES(1,'5f00000000000000000000c1','USER','CSV','All users','API','null','COMPLETED',1768478400000,1768478400000,1770897600000);
INSERT INTO "sq_exports" VALUES(1,'c2aeda0c89709b879a26418d','REFERRAL','CSV','All referrals','API','null','COMPLETED',1768478400000,1768478400000,1770897600000);
INSERT INTO "sq_exports" VALUES(1,'555a2d7c306201ec3d3df8d7','REWARD','CSV','Rewards with their owners','API','{"fields": {"includeUserFields": true}}','COMPLETED',1768478400000,1768478400000,1770897600000);
INSERT INTO "sq_exports" VALUES(1,'0c8c125072cf68ea00746610','USER','CSV','Users of January','API','{"createdSince": "2026-01-01T00:00:00Z", "programId": "referral-program"}','COMPLETED',1768482000062,1768482000062,1770901200062);
INSERT INTO "sq_exports" VALUES(1,'e23fdf6400654a84e045561e','USER','CSV','USER CSV','API','null','COMPLETED',1768482000063,1768482000063,1770901200063);
INSERT INTO "sq_exports" VALUES(1,'0b66b1498541b7d72cf172e2','USER','XLSX','USER XLSX','API','null','COMPLETED',1768482000064,1768482000064,1770901200064);
INSERT INTO "sq_exports" VALUES(1,'05c3cd6a9d455ceac2ba4dcb','REFERRAL','CSV','REFERRAL CSV','API','null','COMPLETED',1768482000065,1768482000065,1770901200065);
INSERT INTO "sq_exports" VALUES(1,'8c8556f6a8302de08f8d3f12','REFERRAL','XLSX','REFERRAL XLSX','API','null','COMPLETED',1768482000066,1768482000066,1770901200066);
INSERT INTO "sq_exports" VALUES(1,'620b721f01ceecbf02790b7b','REWARD','CSV','REWARD CSV','API','null','COMPLETED',1768482000067,1768482000067,1770901200067);
INSERT INTO "sq_exports" VALUES(1,'dd30b8b6a3eacd3410add3fd','REWARD','XLSX','REWARD XLSX','API','null','COMPLETED',1768482000068,1768482000068,1770901200068);
INSERT INTO "sq_exports" VALUES(1,'b6297abeb9b461b98fbfa7a5','REWARD_BALANCE','CSV','REWARD_BALANCE CSV','API','null','COMPLETED',1768482000069,1768482000069,1770901200069);
INSERT INTO "sq_exports" VALUES(1,'6fd5d98ad33a80fac5ebdc17','REWARD_BALANCE','XLSX','REWARD_BALANCE XLSX','API','null','COMPLETED',1768482000070,1768482000070,1770901200070);
CREATE TABLE sq_idempotency_keys (
	tenant_id INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	received_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_idempotency_keys PRIMARY KEY (tenant_id, "key")
);
INSERT INTO "sq_idempotency_keys" VALUES(1,'kept-12345678',1768914000149);
CREATE TABLE sq_programs (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	position INTEGER NOT NULL, 
	landing_url VARCHAR(2048) NOT NULL, 
	conversion_event VARCHAR(255) NOT NULL, 
	referrer_reward JSON, 
	referred_reward JSON, 
	reward_limit INTEGER, 
	CONSTRAINT pk_sq_programs PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_programs" VALUES(1,'referral-program','Refer a friend',1,'https://shop.example.org/welcome','purchase','{"amount": 1500, "expires_days": 365, "name": "Thank you", "type": "CREDIT", "unit": "CENTS"}','{"amount": 10, "name": "Welcome discount", "type": "PCT_DISCOUNT"}',50);
INSERT INTO "sq_programs" VALUES(1,'partner-program','Partners',2,'https://shop.example.org/partners','subscription_started','{"amount": 500, "name": "Partner points", "pending_days": 14, "type": "CREDIT", "unit": "POINT"}','null',NULL);
CREATE TABLE sq_redemptions (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(24) NOT NULL, 
	transaction_id VARCHAR(24) NOT NULL, 
	reward_id VARCHAR(24) NOT NULL, 
	quantity INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_redemptions PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_redemptions" VALUES(1,'70c9766d65969d1ebc8bf06c','4639ae60b60aa07265e2bf50','0c3d29223d52a12961d5e8a2',100,1768478340000);
INSERT INTO "sq_redemptions" VALUES(1,'71fb27b16ab563edcef76f54','9b8ae99cc9f406d77196361f','fe55b47c20338e099289d93a',800,1764462782245);
INSERT INTO "sq_redemptions" VALUES(1,'a0754a2b0c65e182a1c27e2a','bbe48b650599d52779ed7297','71d28211143be7f4f6c63d46',400,1768482000057);
INSERT INTO "sq_redemptions" VALUES(1,'bb5a8bd97ed018de1c794598','7ddfd68fe68d671030affaa5','71d28211143be7f4f6c63d46',300,1768482000059);
INSERT INTO "sq_redemptions" VALUES(1,'0ac411fde8a9149dfea31945','7ddfd68fe68d671030affaa5','0edb0978586d73effcca03e9',200,1768482000059);
INSERT INTO "sq_redemptions" VALUES(1,'04dcf6d9503048e838434c17','794ee958d69831cb7474b469','5f00000000000000000000b1',200,1768482000060);
CREATE TABLE sq_referrals (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(24) NOT NULL, 
	program_id VARCHAR(64) NOT NULL, 
	referrer_account_id VARCHAR(255), 
	referrer_user_id VARCHAR(255), 
	referred_account_id VARCHAR(255), 
	referred_user_id VARCHAR(255), 
	code_used VARCHAR(64) NOT NULL, 
	link_used VARCHAR(2048), 
	referrer_status VARCHAR(16) NOT NULL, 
	referred_status VARCHAR(16) NOT NULL, 
	fraud_signals JSON, 
	referrer_reward_id VARCHAR(24), 
	referred_reward_id VARCHAR(24), 
	started_ms INTEGER NOT NULL, 
	converted_ms INTEGER, 
	ended_ms INTEGER, 
	moderated_ms INTEGER, 
	modified_ms INTEGER NOT NULL, 
	user_modified_ms INTEGER, 
	CONSTRAINT pk_sq_referrals PRIMARY KEY (tenant_id, id), 
	CONSTRAINT uq_sq_referrals_tenant_id_referred_account_id UNIQUE (tenant_id, referred_account_id)
);
INSERT INTO "sq_referrals" VALUES(1,'5f00000000000000000000a1','referral-program','acme','ana@example.org','birch','ben@example.org','ANASTONE','http://localhost:8080/l/mzeHz2mt1N','APPROVED','APPROVED','null','5f00000000000000000000b1','5f00000000000000000000b2',1768392060000,1768478340000,NULL,1768392060000,1768478340000,1768392060000);
INSERT INTO "sq_referrals" VALUES(1,'90f7505fe9bfadba312de48a','referral-program','gray-chase-and-hartman','u-1004','miller-hall','jason.dominguez3@yahoo.com','MELISSARIVERA','http://localhost:8080/l/mzFlV5oqZF','APPROVED','APPROVED','null','566c5533a8d5a85b67958caa','6702690d71259b6e0d6381ce',1762789628439,1762940005205,NULL,1762789628439,1762940005205,1762789628439);
INSERT INTO "sq_referrals" VALUES(1,'f40f02af7c85da9cfab87610','referral-program','miller-hall','u-1007','elliott-plc','u-1005','GEORGEHERNANDEZ','http://localhost:8080/l/mzBTYFtWAE','APPROVED','APPROVED','null','02c64afb71f52a393aa09377','b22db03dcecb7ea18984a04e',1762842458141,1762895314327,NULL,1762842458141,1762895314327,1762842458141);
INSERT INTO "sq_referrals" VALUES(1,'2d004593765de31964256ef3','referral-program','gray-chase-and-hartman','u-1004','cummings-inc','paul.hill6@hotmail.com','MELISSARIVERA','http://localhost:8080/l/mzFlV5oqZF','APPROVED','APPROVED','null','bf3a3b8113767b8a0d63e382','8db8c6a913b768f81911d86e',1764786651975,1764938982024,NULL,1764786651975,1764938982024,1764786651975);
INSERT INTO "sq_referrals" VALUES(1,'a012d79c88b81de83c35373e','referral-program','acme','ana@example.org',NULL,NULL,'ANASTONE','http://localhost:8080/l/mzeHz2mt1N','APPROVED','APPROVED','null',NULL,NULL,1768482000050,NULL,NULL,1768482000050,1768654800073,1768654800073);
INSERT INTO "sq_referrals" VALUES(1,'96f4c44e2390d119734e55fe','referral-program','shop-1','lena@example.org','home-2',NULL,'LENAMOOR','http://localhost:8080/l/mz38f6hBEh','APPROVED','APPROVED','null','0edb0978586d73effcca03e9',NULL,1768482000051,1768482000052,NULL,1768482000051,1768654800071,1768654800071);
INSERT INTO "sq_referrals" VALUES(1,'73ba845eeff13e5cf56c2a68','referral-program','acme','ana@example.org','kept','kept','ANASTONE','http://localhost:8080/l/mzeHz2mt1N','APPROVED','APPROVED','null','1db02b00b3275ea5270655b4','c7a8926190b91e6ac4c06a6e',1768914000148,1768914000149,NULL,1768914000148,1768914000149,1768914000148);
CREATE TABLE sq_rewards (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(24) NOT NULL, 
	type VARCHAR(16) NOT NULL, 
	account_id VARCHAR(255) NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	program_id VARCHAR(64), 
	program_reward_key VARCHAR(64), 
	referral_id VARCHAR(24), 
	unit VARCHAR(64) NOT NULL, 
	name VARCHAR(255), 
	description TEXT, 
	currency VARCHAR(16), 
	cancellable BOOLEAN NOT NULL, 
	assigned INTEGER, 
	redeemed INTEGER NOT NULL, 
	percent INTEGER, 
	amount INTEGER, 
	fuel_tank_code VARCHAR(255), 
	fuel_tank_type VARCHAR(16), 
	integration JSON, 
	created_ms INTEGER NOT NULL, 
	scheduled_ms INTEGER, 
	given_ms INTEGER, 
	expires_ms INTEGER, 
	cancelled_ms INTEGER, 
	redeemed_ms INTEGER, 
	modified_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_rewards PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_rewards" VALUES(1,'5f00000000000000000000b1','CREDIT','acme','ana@example.org','FRIEND_SIGNUP','referral-program','referrerReward','5f00000000000000000000a1','CENTS','Thank you',NULL,NULL,1,1500,200,NULL,NULL,NULL,NULL,'null',1768478340000,NULL,1768478340000,NULL,NULL,NULL,1768482000060);
INSERT INTO "sq_rewards" VALUES(1,'5f00000000000000000000b2','PCT_DISCOUNT','birch','ben@example.org','REFERRED','referral-program','referredReward','5f00000000000000000000a1','%','Welcome discount',NULL,NULL,1,NULL,0,10,NULL,NULL,NULL,'null',1768478340000,NULL,1768478340000,NULL,NULL,NULL,1768478340000);
INSERT INTO "sq_rewards" VALUES(1,'566c5533a8d5a85b67958caa','CREDIT','gray-chase-and-hartman','u-1004','FRIEND_SIGNUP','referral-program','referrerReward','90f7505fe9bfadba312de48a','CENTS','Thank you',NULL,NULL,1,1500,0,NULL,NULL,NULL,NULL,'null',1762940005205,NULL,1762940005205,1794476005205,NULL,NULL,1762940005205);
INSERT INTO "sq_rewards" VALUES(1,'6702690d71259b6e0d6381ce','PCT_DISCOUNT','miller-hall','jason.dominguez3@yahoo.com','REFERRED','referral-program','referredReward','90f7505fe9bfadba312de48a','%','Welcome discount',NULL,NULL,1,NULL,0,10,NULL,NULL,NULL,'null',1762940005205,NULL,1762940005205,NULL,NULL,NULL,1762940005205);
INSERT INTO "sq_rewards" VALUES(1,'02c64afb71f52a393aa09377','CREDIT','miller-hall','u-1007','FRIEND_SIGNUP','referral-program','referrerReward','f40f02af7c85da9cfab87610','CENTS','Thank you',NULL,NULL,1,1500,0,NULL,NULL,NULL,NULL,'null',1762895314327,NULL,1762895314327,1794431314327,NULL,NULL,1762895314327);
INSERT INTO "sq_rewards" VALUES(1,'b22db03dcecb7ea18984a04e','PCT_DISCOUNT','elliott-plc','u-1005','REFERRED','referral-program','referredReward','f40f02af7c85da9cfab87610','%','Welcome discount',NULL,NULL,1,NULL,0,10,NULL,NULL,NULL,'null',1762895314327,NULL,1762895314327,NULL,NULL,NULL,1762895314327);
INSERT INTO "sq_rewards" VALUES(1,'bf3a3b8113767b8a0d63e382','CREDIT','gray-chase-and-hartman','u-1004','FRIEND_SIGNUP','referral-program','referrerReward','2d004593765de31964256ef3','CENTS','Thank you',NULL,NULL,1,1500,0,NULL,NULL,NULL,NULL,'null',1764938982024,NULL,1764938982024,1796474982024,NULL,NULL,1764938982024);
INSERT INTO "sq_rewards" VALUES(1,'8db8c6a913b768f81911d86e','PCT_DISCOUNT','cummings-inc','paul.hill6@hotmail.com','REFERRED','referral-program','referredReward','2d004593765de31964256ef3','%','Welcome discount',NULL,NULL,1,NULL,0,10,NULL,NULL,NULL,'null',1764938982024,NULL,1764938982024,NULL,NULL,NULL,1764938982024);
INSERT INTO "sq_rewards" VALUES(1,'0c3d29223d52a12961d5e8a2','CREDIT','miller-hall','jason.dominguez3@yahoo.com','MANUAL',NULL,NULL,NULL,'POINT','Survey points',NULL,NULL,1,250,100,NULL,NULL,NULL,NULL,'null',1767311568053,NULL,1767311568053,NULL,NULL,NULL,1768478340000);
INSERT INTO "sq_rewards" VALUES(1,'fe55b47c20338e099289d93a','CREDIT','gray-chase-and-hartman','u-1004','MANUAL',NULL,NULL,NULL,'CENTS','Birthday credit',NULL,NULL,1,2000,800,NULL,NULL,NULL,NULL,'null',1763931470991,NULL,1763931470991,1766523470991,NULL,NULL,1764462782245);
INSERT INTO "sq_rewards" VALUES(1,'65ea76252be49b225a084298','FUELTANK','elliott-plc','u-1005','MANUAL',NULL,NULL,NULL,'CENTS','Voucher',NULL,NULL,1,NULL,0,NULL,1000,'FUEL302448','CREDIT','null',1764054184447,NULL,1764054184447,NULL,NULL,NULL,1764054184447);
INSERT INTO "sq_rewards" VALUES(1,'0b9ca849c60aa8285dcdf0a2','INTEGRATION','cummings-inc','paul.hill6@hotmail.com','MANUAL',NULL,NULL,NULL,'USD','Gift card',NULL,NULL,0,NULL,0,NULL,2500,NULL,NULL,'{"templateId": "gift-card"}',1765923937066,NULL,1765923937066,NULL,NULL,NULL,1765923937066);
INSERT INTO "sq_rewards" VALUES(1,'0edb0978586d73effcca03e9','CREDIT','shop-1','lena@example.org','FRIEND_SIGNUP','referral-program','referrerReward','96f4c44e2390d119734e55fe','CENTS','Thank you',NULL,NULL,1,1500,200,NULL,NULL,NULL,NULL,NULL,1768482000052,NULL,1768482000052,1800018000052,NULL,NULL,1768482000059);
INSERT INTO "sq_rewards" VALUES(1,'b53dc3c8309066090113394d','CREDIT','acme','ana@example.org','MANUAL',NULL,NULL,NULL,'POINT','Birthday points',NULL,NULL,1,1000,0,NULL,NULL,NULL,NULL,NULL,1768482000053,NULL,1768482000053,NULL,NULL,NULL,1768482000053);
INSERT INTO "sq_rewards" VALUES(1,'71d28211143be7f4f6c63d46','CREDIT','shop-1','lena@example.org','MANUAL',NULL,NULL,NULL,'CENTS',NULL,NULL,NULL,1,700,700,NULL,NULL,NULL,NULL,NULL,1768482000054,NULL,1768482000054,1768651200000,NULL,1768482000059,1768651200000);
INSERT INTO "sq_rewards" VALUES(1,'7ebea90c8037de4ed9d05bbc','CREDIT','shop-1','lena@example.org','MANUAL',NULL,NULL,NULL,'POINT',NULL,NULL,NULL,1,100,0,NULL,NULL,NULL,NULL,NULL,1768482000055,1768564800000,1768564800000,1768737600000,NULL,NULL,1768737600000);
INSERT INTO "sq_rewards" VALUES(1,'a2ee4ae2ce8b50c2af43bdca','PCT_DISCOUNT','shop-1','lena@example.org','MANUAL',NULL,NULL,NULL,'%','Sorry',NULL,NULL,1,NULL,0,15,NULL,NULL,NULL,NULL,1768482000056,NULL,1768482000056,NULL,1768482000058,NULL,1768482000058);
INSERT INTO "sq_rewards" VALUES(1,'1db02b00b3275ea5270655b4','CREDIT','acme','ana@example.org','FRIEND_SIGNUP','referral-program','referrerReward','73ba845eeff13e5cf56c2a68','CENTS','Thank you',NULL,NULL,1,1500,0,NULL,NULL,NULL,NULL,NULL,1768914000149,NULL,1768914000149,1800450000149,NULL,NULL,1768914000149);
INSERT INTO "sq_rewards" VALUES(1,'c7a8926190b91e6ac4c06a6e','PCT_DISCOUNT','kept','kept','REFERRED','referral-program','referredReward','73ba845eeff13e5cf56c2a68','%','Welcome discount',NULL,NULL,1,NULL,0,10,NULL,NULL,NULL,NULL,1768914000149,NULL,1768914000149,NULL,NULL,NULL,1768914000149);
CREATE TABLE sq_subscriptions (
	tenant_id INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	url VARCHAR(2048) NOT NULL, 
	name VARCHAR(255), 
	types JSON NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_subscriptions PRIMARY KEY (tenant_id, digest)
);
INSERT INTO "sq_subscriptions" VALUES(1,'aa094ee2b08186d1856df0646bee7813fad797b797a19bcd5be35da9f045dbfc','http://localhost:8080/_troth/inbox/saasquatch','Built-in inbox','["*"]','MANUAL',1768478400000);
INSERT INTO "sq_subscriptions" VALUES(1,'7e4b3616a88606a1b5fa6d08fe4d784cbbc75d317442103ed69a09f06b62469d','https://hooks.example.org/saasquatch','Order desk','["user.created", "reward.created", "referral.converted"]','MANUAL',1768482000037);
INSERT INTO "sq_subscriptions" VALUES(1,'99181137a3d89b01cbf5334a4f07de4373d7705e4844f563cd61e7ab69375324','http://localhost:8080/_troth/inbox/own','Own inbox','["referral.converted"]','MANUAL',1768482000038);
CREATE TABLE sq_user_events (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(24) NOT NULL, 
	account_id VARCHAR(255) NOT NULL, 
	user_id VARCHAR(255) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	fields JSON, 
	triggered_ms INTEGER NOT NULL, 
	received_ms INTEGER NOT NULL, 
	processed_ms INTEGER NOT NULL, 
	CONSTRAINT pk_sq_user_events PRIMARY KEY (tenant_id, id)
);
INSERT INTO "sq_user_events" VALUES(1,'2c80adf6958d5ecea8569caa','birch','ben@example.org','purchase','{"order_id": "order-040864", "total": 69.0, "currency": "USD", "products": [{"product_id": "grinder", "name": "Hand grinder", "price": 69.0, "quantity": 1}]}',1768478340000,1768478340000,1768478340000);
INSERT INTO "sq_user_events" VALUES(1,'d40944f200dda24e8076f0e5','miller-hall','jason.dominguez3@yahoo.com','purchase','{"order_id": "order-699439", "total": 68.7, "currency": "USD", "products": [{"product_id": "beans-1kg", "name": "Coffee beans 1 kg", "price": 22.9, "quantity": 3}]}',1762940005205,1762940005205,1762940005205);
INSERT INTO "sq_user_events" VALUES(1,'5d2f450d2e564b4a23dd9cd7','elliott-plc','u-1005','purchase','{"order_id": "order-778039", "total": 45.8, "currency": "USD", "products": [{"product_id": "beans-1kg", "name": "Coffee beans 1 kg", "price": 22.9, "quantity": 2}]}',1762895314327,1762895314327,1762895314327);
INSERT INTO "sq_user_events" VALUES(1,'b9d068c41a741a5dfc322fd4','cummings-inc','paul.hill6@hotmail.com','purchase','{"order_id": "order-495762", "total": 30.0, "currency": "USD", "products": [{"product_id": "tote", "name": "Tote bag", "price": 15.0, "quantity": 2}]}',1764938982024,1764938982024,1764938982024);
INSERT INTO "sq_user_events" VALUES(1,'f7cbb1d4d11a0406a6cd1a8c','miller-hall','jason.dominguez3@yahoo.com','newsletter_opened','null',1764391251256,1764391251256,1764391251256);
INSERT INTO "sq_user_events" VALUES(1,'a24e4ef728432f2d072eacc2','miller-hall','u-1008','purchase','{"order_id": "order-944374", "total": 99.0, "currency": "USD", "products": [{"product_id": "kettle", "name": "Kettle", "price": 49.5, "quantity": 2}]}',1766945143631,1766945143631,1766945143631);
INSERT INTO "sq_user_events" VALUES(1,'3ad230f66133c686f176a69a','miller-hall','u-1007','purchase','{"order_id": "order-228414", "total": 12.5, "currency": "USD", "products": [{"product_id": "mug-blue", "name": "Blue mug", "price": 12.5, "quantity": 1}]}',1765846887526,1765846887526,1765846887526);
INSERT INTO "sq_user_events" VALUES(1,'b89d64351cbff7e1ba3161e9','cummings-inc','paul.hill6@hotmail.com','newsletter_opened','null',1765363253365,1765363253365,1765363253365);
INSERT INTO "sq_user_events" VALUES(1,'4e53825a60e3953647d30f82','elliott-plc','u-1005','purchase','{"order_id": "order-368590", "total": 207.0, "currency": "USD", "products": [{"product_id": "grinder", "name": "Hand grinder", "price": 69.0, "quantity": 3}]}',1767235421678,1767235421678,1767235421678);
INSERT INTO "sq_user_events" VALUES(1,'f647543b45b488a62e44949c','gray-chase-and-hartman','u-1004','purchase','{"order_id": "order-464542", "total": 15.0, "currency": "USD", "products": [{"product_id": "tote", "name": "Tote bag", "price": 15.0, "quantity": 1}]}',1767133415917,1767133415917,1767133415917);
INSERT INTO "sq_user_events" VALUES(1,'d3c13a6ab6de2897224e2692','miller-hall','jason.dominguez3@yahoo.com','newsletter_opened','null',1763545512734,1763545512734,1763545512734);
INSERT INTO "sq_user_events" VALUES(1,'554aea3def2d404a97e6499c','miller-hall','u-1008','purchase','{"order_id": "order-490709", "total": 37.5, "currency": "USD", "products": [{"product_id": "mug-blue", "name": "Blue mug", "price": 12.5, "quantity": 3}]}',1764058486948,1764058486948,1764058486948);
INSERT INTO "sq_user_events" VALUES(1,'6b59a427e8e5f2a7f0d90518','kept','kept','purchase','{"total": 49.9}',1768914000149,1768914000149,1768914000149);
CREATE TABLE sq_users (
	tenant_id INTEGER NOT NULL, 
	account_id VARCHAR(255) NOT NULL, 
	id VARCHAR(255) NOT NULL, 
	first_name VARCHAR(255), 
	last_name VARCHAR(255), 
	email VARCHAR(320), 
	image_url VARCHAR(2048) NOT NULL, 
	cookie_id VARCHAR(255), 
	locale VARCHAR(8), 
	country_code VARCHAR(2), 
	payment_provider_id VARCHAR(255), 
	referral_source VARCHAR(64) NOT NULL, 
	referable BOOLEAN NOT NULL, 
	first_seen_ip VARCHAR(64), 
	last_seen_ip VARCHAR(64), 
	first_seen_agent VARCHAR(512), 
	last_seen_agent VARCHAR(512), 
	us_tax_form_ms INTEGER, 
	blocked_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	modified_ms INTEGER NOT NULL, 
	custom_fields JSON NOT NULL, 
	segments JSON NOT NULL, 
	referred_by_codes JSON NOT NULL, 
	search TEXT NOT NULL, 
	balance_version INTEGER NOT NULL, 
	CONSTRAINT pk_sq_users PRIMARY KEY (tenant_id, account_id, id)
);
INSERT INTO "sq_users" VALUES(1,'acme','ana@example.org','Ana','Stone','ana@example.org','',NULL,'en_US','US',NULL,'UNKNOWN',1,NULL,NULL,NULL,NULL,NULL,NULL,1768305600000,1768482000045,'{"plan": "gold", "seats": 4}','["newsletter"]','[]','ana@example.org
ana stone
ana@example.org',1768914000149);
INSERT INTO "sq_users" VALUES(1,'birch','ben@example.org','Ben','Okafor','ben@example.org','',NULL,'en_GB','GB',NULL,'REFERRAL',1,NULL,NULL,NULL,NULL,NULL,NULL,1768392000000,1768392000000,'{"firstPurchaseDate": 1768478340000, "lastPurchaseDate": 1768478340000, "totalPurchaseCount": 1}','[]','["ANASTONE"]','ben@example.org
ben okafor
ben@example.org',0);
INSERT INTO "sq_users" VALUES(1,'miller-hall','jason.dominguez3@yahoo.com','Jason','Dominguez','jason.dominguez3@yahoo.com','https://avatars.example.org/419ffedd2643fbe841e29bb921838cfe',NULL,'fr_FR','FR',NULL,'REFERRAL',1,'83.210.91.68','83.210.91.68','Opera/8.85.(Windows NT 6.0; id-ID) Presto/2.9.188 Version/12.00','Opera/8.85.(Windows NT 6.0; id-ID) Presto/2.9.188 Version/12.00',NULL,NULL,1762789568439,1762789568439,'{"plan": "free", "firstPurchaseDate": 1762940005205, "lastPurchaseDate": 1762940005205, "totalPurchaseCount": 1}','["wholesale"]','["MELISSARIVERA"]','jason.dominguez3@yahoo.com
jason dominguez
jason.dominguez3@yahoo.com',0);
INSERT INTO "sq_users" VALUES(1,'gray-chase-and-hartman','u-1004','Melissa','Rivera','melissa.rivera4@hotmail.com','',NULL,'en_GB','GB',NULL,'UNKNOWN',1,NULL,NULL,NULL,NULL,NULL,NULL,1761065658209,1761065658209,'{"plan": "free", "firstPurchaseDate": 1767133415917, "lastPurchaseDate": 1767133415917, "totalPurchaseCount": 1}','["vip"]','[]','melissa.rivera4@hotmail.com
melissa rivera
u-1004',0);
INSERT INTO "sq_users" VALUES(1,'elliott-plc','u-1005','Karen','Mitchell','karen.mitchell5@yahoo.com','https://avatars.example.org/8e46d247c46bca7b1eb4df982b696840',NULL,'en_CA','CA',NULL,'REFERRAL',1,'85.218.60.183','85.218.60.183','Mozilla/5.0 (iPad; CPU iPad OS 1_1_5 like Mac OS X) AppleWebKit/533.1 (KHTML, like Gecko) CriOS/37.0.806.0 Mobile/86Q972 Safari/533.1','Mozilla/5.0 (iPad; CPU iPad OS 1_1_5 like Mac OS X) AppleWebKit/533.1 (KHTML, like Gecko) CriOS/37.0.806.0 Mobile/86Q972 Safari/533.1',NULL,NULL,1762842398141,1762842398141,'{"plan": "gold", "firstPurchaseDate": 1762895314327, "lastPurchaseDate": 1767235421678, "totalPurchaseCount": 2}','["newsletter", "vip"]','["GEORGEHERNANDEZ"]','karen.mitchell5@yahoo.com
karen mitchell
u-1005',0);
INSERT INTO "sq_users" VALUES(1,'cummings-inc','paul.hill6@hotmail.com','Paul','Hill','paul.hill6@hotmail.com','https://avatars.example.org/e8c15bad729b7e25a1275f41aff1b4f2',NULL,'de_DE','DE',NULL,'REFERRAL',1,'35.123.11.247','35.123.11.247','Opera/8.33.(X11; Linux i686; bg-BG) Presto/2.9.160 Version/10.00','Opera/8.33.(X11; Linux i686; bg-BG) Presto/2.9.160 Version/10.00',NULL,NULL,1764786591975,1764786591975,'{"plan": "gold", "firstPurchaseDate": 1764938982024, "lastPurchaseDate": 1764938982024, "totalPurchaseCount": 1}','["newsletter"]','["MELISSARIVERA"]','paul.hill6@hotmail.com
paul hill
paul.hill6@hotmail.com',0);
INSERT INTO "sq_users" VALUES(1,'miller-hall','u-1007','George','Hernandez','george.hernandez7@yahoo.com','https://avatars.example.org/937e23d5126edc90344b3ae1f1ab1058',NULL,'es_ES','ES',NULL,'UNKNOWN',1,'24.113.55.58','24.113.55.58','Opera/9.79.(Windows NT 5.0; ss-ZA) Presto/2.9.173 Version/11.00','Opera/9.79.(Windows NT 5.0; ss-ZA) Presto/2.9.173 Version/11.00',NULL,NULL,1759263490393,1759263490393,'{"plan": "silver", "firstPurchaseDate": 1765846887526, "lastPurchaseDate": 1765846887526, "totalPurchaseCount": 1}','["vip"]','[]','george.hernandez7@yahoo.com
george hernandez
u-1007',0);
INSERT INTO "sq_users" VALUES(1,'miller-hall','u-1008','Tracy','Juarez','tracy.juarez8@hotmail.com','',NULL,'en_GB','GB',NULL,'UNKNOWN',1,NULL,NULL,NULL,NULL,NULL,NULL,1762467133725,1762467133725,'{"plan": "free", "firstPurchaseDate": 1764058486948, "lastPurchaseDate": 1766945143631, "totalPurchaseCount": 2}','["student"]','[]','tracy.juarez8@hotmail.com
tracy juarez
u-1008',0);
INSERT INTO "sq_users" VALUES(1,'shop-1','lena@example.org','Lena','Moor','lena@example.org','',NULL,'en_US',NULL,NULL,'UNKNOWN',1,NULL,NULL,NULL,NULL,NULL,NULL,1768482000043,1768482000044,'{"plan": "silver", "seats": 4}','["vip"]','[]','lena@example.org
lena moor
lena@example.org',1768737600000);
INSERT INTO "sq_users" VALUES(1,'kept','kept','Kim',NULL,NULL,'',NULL,NULL,NULL,NULL,'REFERRAL',1,NULL,NULL,NULL,NULL,NULL,NULL,1768914000148,1768914000149,'{"firstPurchaseDate": 1768914000149, "lastPurchaseDate": 1768914000149, "totalPurchaseCount": 1}','[]','["ANASTONE"]','kim
kept',0);
CREATE TABLE tenants (
	id INTEGER NOT NULL, 
	api VARCHAR(32) NOT NULL, 
	alias VARCHAR(64) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	live BOOLEAN NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	sandbox_id INTEGER NOT NULL, 
	settings JSON NOT NULL, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_tenants PRIMARY KEY (id), 
	CONSTRAINT fk_tenants_sandbox_id FOREIGN KEY(sandbox_id) REFERENCES sandboxes (id), 
	CONSTRAINT uq_tenants_api_alias UNIQUE (api, alias)
);
INSERT INTO "tenants" VALUES(1,'saasquatch','demo','Demo shop',1,'demo',1,'{"allowReferralCodeEditOnUserUpsert": true, "openEndpointsEnabled": true}',1768478400000);
INSERT INTO "tenants" VALUES(2,'advocacy','demo','Demo shop',1,'demo',1,'{"business_id": "biz_demo", "plan": "growth", "rate_limits": "count", "referral_points": 100, "site_url": "https://shop.example.org/"}',1768478400000);
INSERT INTO "tenants" VALUES(3,'leat','demo','Demo shop',1,'demo',1,'{"account_name": "Demo shop", "referral_program": {"completion_event": {"number_of_transactions": 5, "type": "loyalty_transaction"}, "limit_per_contact": 10, "referred_incentive": {"business_profile": {"name": "Main street", "uuid": "13ac4cc1-3522-4dfc-ae4a-a821e5090108"}, "points": 50, "type": "loyalty_points"}, "referring_incentive": {"promotion": {"name": "Free coffee", "uuid": "539483d0-fab4-40db-add5-2ec65ef12901"}, "type": "voucher"}}, "shops": [{"name": "Main street", "uuid": "13ac4cc1-3522-4dfc-ae4a-a821e5090108"}, {"name": "Harbour Street", "uuid": "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11"}]}',1768478400000);
INSERT INTO "tenants" VALUES(4,'loyalty_core','demo','Harbour Coffee',1,'demo',1,'{"organization_id": 1}',1768478400000);
INSERT INTO "tenants" VALUES(5,'loyalty_core','roastery','Old Town Roastery',1,'roastery',1,'{"organization_id": 2}',1768478400000);
CREATE TABLE webhook_endpoints (
	tenant_id INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	name VARCHAR(255), 
	url VARCHAR(2048) NOT NULL, 
	types JSON NOT NULL, 
	sealed BLOB NOT NULL, 
	active BOOLEAN NOT NULL, 
	failing_since_ms INTEGER, 
	created_ms INTEGER NOT NULL, 
	CONSTRAINT pk_webhook_endpoints PRIMARY KEY (tenant_id, id)
);
INSERT INTO "webhook_endpoints" VALUES(2,'whe_6zsd55nw4lbcelh2jv0c','Built-in inbox','http://localhost:8080/_troth/inbox/advocacy','["*"]',X'A731458CD7431EA9198554BA5B9FD0FD0FD69B1904CBFB08E67AB5BF65231A23E7A5C27F1CDB70156440F0A602457EA44419F16B419C354D23352B8B81C76D2B776D6EBEEB490D660824',1,NULL,1768478400000);
INSERT INTO "webhook_endpoints" VALUES(3,'8c154fa0-1dad-4964-9d2f-8458e8e2ae5f','Built-in inbox','http://localhost:8080/_troth/inbox/leat','["referral_completed"]',X'866FEDC58D955823CD17CD444C05ECFCA470FF3CB7BAE9261CE0D226FD756D39FE1AE30E10DA5AB4FBBA9B4B1DA9121E08D97CDA',1,NULL,1768478400000);
INSERT INTO "webhook_endpoints" VALUES(3,'3fec3d13-7146-4338-a5c4-10d0925ccd90','Thank-you mails','https://hooks.example.org/leat','["referral_completed"]',X'2A08463F13ACAEF08ABDCD57B4EA3DE4F0EFBB1DF6A708A1EB64EFDC65F2C3953E3FDC5BF279A02B8E73A5C2CC9A',1,NULL,1768478400023);
INSERT INTO "webhook_endpoints" VALUES(3,'3dab627d-42d7-4148-8c32-127d0d5da394','Own','http://localhost:8080/_troth/inbox/own','["contact_created"]',X'47660767F99E736E536224BB3D838F75AB4856DB7AB1BF1B770B5BB8F0BB5B7B129130CCC2ACB89698C771DF6BFE25',1,NULL,1768478400024);
INSERT INTO "webhook_endpoints" VALUES(3,'b446bd03-2ed7-4bb8-9ebd-f57f94efafa3','Own','http://localhost:8080/_troth/inbox/own','["referral_completed"]',X'ECF73455DBA1805C3BEAC0DE466F51BE3B0D6647F68EA1CA2E1513BE4195A512064AFF5924740B6EBBEEA15C2A9271',1,NULL,1768478400025);
CREATE INDEX ix_advocacy_advocates_created ON advocacy_advocates (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_advocates_tier ON advocacy_advocates (tenant_id, tier, created_ms, id);
CREATE INDEX ix_advocacy_boards_created ON advocacy_boards (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_completions_quest ON advocacy_completions (tenant_id, advocate_id, quest_id);
CREATE INDEX ix_advocacy_conversions_code ON advocacy_conversions (tenant_id, code, created_ms);
CREATE INDEX ix_advocacy_ideas_created ON advocacy_ideas (tenant_id, board_id, created_ms, id);
CREATE INDEX ix_advocacy_ideas_status ON advocacy_ideas (tenant_id, board_id, status, created_ms, id);
CREATE INDEX ix_advocacy_ideas_votes ON advocacy_ideas (tenant_id, board_id, votes, created_ms, id);
CREATE INDEX ix_advocacy_mappings_created ON advocacy_mappings (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_quests_created ON advocacy_quests (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_quests_status ON advocacy_quests (tenant_id, status, created_ms, id);
CREATE INDEX ix_advocacy_redemptions_advocate ON advocacy_redemptions (tenant_id, advocate_id, created_ms);
CREATE INDEX ix_advocacy_referral_codes_created ON advocacy_referral_codes (tenant_id, created_ms, code);
CREATE INDEX ix_advocacy_rewards_created ON advocacy_rewards (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_rewards_status ON advocacy_rewards (tenant_id, status, created_ms, id);
CREATE INDEX ix_advocacy_rewards_type ON advocacy_rewards (tenant_id, type, created_ms, id);
CREATE INDEX ix_advocacy_sessions_expires ON advocacy_sessions (tenant_id, expires_ms);
CREATE INDEX ix_advocacy_tasks_quest ON advocacy_tasks (tenant_id, quest_id, place);
CREATE INDEX ix_advocacy_testimonials_created ON advocacy_testimonials (tenant_id, created_ms, id);
CREATE INDEX ix_advocacy_testimonials_rating ON advocacy_testimonials (tenant_id, rating, created_ms, id);
CREATE INDEX ix_advocacy_testimonials_status ON advocacy_testimonials (tenant_id, status, created_ms, id);
CREATE INDEX ix_advocacy_used_signatures_until ON advocacy_used_signatures (tenant_id, until_ms);
CREATE INDEX ix_deliveries_event ON deliveries (tenant_id, event_id);
CREATE INDEX ix_events_created ON events (tenant_id, created_ms);
CREATE INDEX ix_events_number ON events (tenant_id, number);
CREATE INDEX ix_idempotency_answers_created ON idempotency_answers (tenant_id, created_ms);
CREATE INDEX ix_jobs_subject ON jobs (tenant_id, kind, subject);
CREATE INDEX ix_lc_accounts_created ON lc_accounts (tenant_id, ledger_id, created_ms, id);
CREATE INDEX ix_lc_accounts_ledger ON lc_accounts (tenant_id, ledger_id, id);
CREATE INDEX ix_lc_accounts_name ON lc_accounts (tenant_id, ledger_id, name, id);
CREATE INDEX ix_lc_accounts_updated ON lc_accounts (tenant_id, ledger_id, updated_ms, id);
CREATE INDEX ix_lc_coded_items_created ON lc_coded_items (tenant_id, kind, created_ms, id);
CREATE INDEX ix_lc_coded_items_kind ON lc_coded_items (tenant_id, kind, id);
CREATE INDEX ix_lc_coded_items_label ON lc_coded_items (tenant_id, kind, label, id);
CREATE INDEX ix_lc_coded_items_updated ON lc_coded_items (tenant_id, kind, updated_ms, id);
CREATE INDEX ix_lc_content_schema_versions_schema ON lc_content_schema_versions (tenant_id, content_schema_id, id);
CREATE INDEX ix_lc_content_schemas_active ON lc_content_schemas (tenant_id, active, id);
CREATE INDEX ix_lc_content_schemas_created ON lc_content_schemas (tenant_id, created_ms, id);
CREATE INDEX ix_lc_content_schemas_name ON lc_content_schemas (tenant_id, name, id);
CREATE INDEX ix_lc_content_schemas_type ON lc_content_schemas (tenant_id, type, id);
CREATE INDEX ix_lc_content_schemas_updated ON lc_content_schemas (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_enrolments_program ON lc_enrolments (tenant_id, program_id, member_id);
CREATE INDEX ix_lc_enrolments_tier ON lc_enrolments (tenant_id, tier_id, member_id);
CREATE INDEX ix_lc_ledgers_created ON lc_ledgers (tenant_id, created_ms, id);
CREATE INDEX ix_lc_ledgers_name ON lc_ledgers (tenant_id, name, id);
CREATE INDEX ix_lc_ledgers_updated ON lc_ledgers (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_lots_due ON lc_lots (tenant_id, place, expires_ms);
CREATE INDEX ix_lc_member_terms_member ON lc_member_terms (tenant_id, member_id);
CREATE INDEX ix_lc_members_created ON lc_members (tenant_id, created_ms, id);
CREATE INDEX ix_lc_members_email ON lc_members (tenant_id, email, id);
CREATE INDEX ix_lc_members_type ON lc_members (tenant_id, member_type, id);
CREATE INDEX ix_lc_members_updated ON lc_members (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_portals_created ON lc_portals (tenant_id, created_ms, id);
CREATE INDEX ix_lc_portals_name ON lc_portals (tenant_id, name, id);
CREATE INDEX ix_lc_portals_updated ON lc_portals (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_programs_created ON lc_programs (tenant_id, created_ms, id);
CREATE INDEX ix_lc_programs_name ON lc_programs (tenant_id, name, id);
CREATE INDEX ix_lc_programs_updated ON lc_programs (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_tier_changes_created ON lc_tier_changes (tenant_id, member_id, program_id, created_ms, id);
CREATE INDEX ix_lc_tier_changes_expires ON lc_tier_changes (tenant_id, member_id, program_id, expires_ms, id);
CREATE INDEX ix_lc_tier_changes_member ON lc_tier_changes (tenant_id, member_id, program_id, id);
CREATE INDEX ix_lc_tier_changes_tier ON lc_tier_changes (tenant_id, member_id, program_id, tier_id, id);
CREATE INDEX ix_lc_tiers_created ON lc_tiers (tenant_id, program_id, created_ms, id);
CREATE INDEX ix_lc_tiers_name ON lc_tiers (tenant_id, program_id, name, id);
CREATE INDEX ix_lc_tiers_order ON lc_tiers (tenant_id, program_id, tier_order, id);
CREATE INDEX ix_lc_tiers_points ON lc_tiers (tenant_id, program_id, min_required_points, id);
CREATE INDEX ix_lc_tiers_program ON lc_tiers (tenant_id, program_id, id);
CREATE INDEX ix_lc_tiers_updated ON lc_tiers (tenant_id, program_id, updated_ms, id);
CREATE INDEX ix_lc_transactions_account ON lc_transactions (tenant_id, account_id, id);
CREATE INDEX ix_lc_transactions_created ON lc_transactions (tenant_id, account_id, created_ms, id);
CREATE INDEX ix_lc_transactions_external_date ON lc_transactions (tenant_id, account_id, external_ms, id);
CREATE INDEX ix_lc_transactions_external_id ON lc_transactions (tenant_id, account_id, external_id);
CREATE INDEX ix_lc_transactions_from ON lc_transactions (tenant_id, from_wallet_id, account_id, id);
CREATE INDEX ix_lc_transactions_set ON lc_transactions (tenant_id, set_id);
CREATE INDEX ix_lc_transactions_to ON lc_transactions (tenant_id, to_wallet_id, account_id, id);
CREATE INDEX ix_lc_transactions_updated ON lc_transactions (tenant_id, account_id, updated_ms, id);
CREATE INDEX ix_lc_users_active ON lc_users (tenant_id, active, id);
CREATE INDEX ix_lc_users_client ON lc_users (tenant_id, auth_client_id, id);
CREATE INDEX ix_lc_users_created ON lc_users (tenant_id, created_ms, id);
CREATE INDEX ix_lc_users_kind ON lc_users (tenant_id, is_api_user, id);
CREATE INDEX ix_lc_users_name ON lc_users (tenant_id, name, id);
CREATE INDEX ix_lc_users_updated ON lc_users (tenant_id, updated_ms, id);
CREATE INDEX ix_leat_credit_receptions_contact ON leat_credit_receptions (tenant_id, contact_uuid, created_ms);
CREATE INDEX ix_leat_referrals_created ON leat_referrals (tenant_id, created_ms, uuid);
CREATE INDEX ix_leat_referrals_referring ON leat_referrals (tenant_id, referring_uuid, created_ms, uuid);
CREATE INDEX ix_leat_referrals_referring_status ON leat_referrals (tenant_id, referring_uuid, status, created_ms, uuid);
CREATE INDEX ix_leat_referrals_status ON leat_referrals (tenant_id, status, created_ms, uuid);
CREATE INDEX ix_leat_vouchers_contact ON leat_vouchers (tenant_id, contact_uuid, created_ms);
CREATE INDEX ix_ledger_balances_balance ON ledger_balances (tenant_id, balance);
CREATE INDEX ix_ledger_entries_account ON ledger_entries (tenant_id, account, number);
CREATE INDEX ix_ledger_transactions_number ON ledger_transactions (tenant_id, number);
CREATE INDEX ix_ledger_transactions_reference ON ledger_transactions (tenant_id, reference_type, reference_id);
CREATE INDEX ix_public_links_subject ON public_links (tenant_id, kind, subject);
CREATE INDEX ix_sq_codes_user ON sq_codes (tenant_id, account_id, user_id, program_id);
CREATE INDEX ix_sq_exports_created ON sq_exports (tenant_id, created_ms, id);
CREATE INDEX ix_sq_idempotency_keys_received ON sq_idempotency_keys (tenant_id, received_ms);
CREATE INDEX ix_sq_redemptions_reward ON sq_redemptions (tenant_id, reward_id, at_ms, id);
CREATE INDEX ix_sq_referrals_converted ON sq_referrals (tenant_id, converted_ms);
CREATE INDEX ix_sq_referrals_ended ON sq_referrals (tenant_id, ended_ms);
CREATE INDEX ix_sq_referrals_modified ON sq_referrals (tenant_id, modified_ms);
CREATE INDEX ix_sq_referrals_referred ON sq_referrals (tenant_id, referred_account_id, referred_user_id);
CREATE INDEX ix_sq_referrals_referred_status ON sq_referrals (tenant_id, referred_status, started_ms);
CREATE INDEX ix_sq_referrals_referrer ON sq_referrals (tenant_id, referrer_account_id, referrer_user_id, started_ms, id);
CREATE INDEX ix_sq_referrals_referrer_status ON sq_referrals (tenant_id, referrer_status, started_ms);
CREATE INDEX ix_sq_referrals_started ON sq_referrals (tenant_id, started_ms, id);
CREATE INDEX ix_sq_rewards_account ON sq_rewards (tenant_id, account_id, type, unit, created_ms, id);
CREATE INDEX ix_sq_rewards_created ON sq_rewards (tenant_id, created_ms, id);
CREATE INDEX ix_sq_user_events_user ON sq_user_events (tenant_id, account_id, user_id, received_ms, id);
CREATE INDEX ix_sq_users_created ON sq_users (tenant_id, created_ms, account_id, id);
CREATE INDEX ix_sq_users_modified ON sq_users (tenant_id, modified_ms);
CREATE INDEX ix_webhook_endpoints_created ON webhook_endpoints (tenant_id, created_ms, id);
CREATE INDEX ix_credentials_tenant ON credentials (tenant_id, created_ms);
CREATE INDEX ix_lc_audiences_active ON lc_audiences (tenant_id, active, id);
CREATE INDEX ix_lc_audiences_count ON lc_audiences (tenant_id, member_count, id);
CREATE INDEX ix_lc_audiences_created ON lc_audiences (tenant_id, created_ms, id);
CREATE INDEX ix_lc_audiences_name ON lc_audiences (tenant_id, name, id);
CREATE INDEX ix_lc_audiences_refreshed ON lc_audiences (tenant_id, refreshed_ms, id);
CREATE INDEX ix_lc_audiences_type ON lc_audiences (tenant_id, matcher_type, id);
CREATE INDEX ix_lc_audiences_updated ON lc_audiences (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_campaign_actions_created ON lc_campaign_actions (tenant_id, campaign_id, created_ms, id);
CREATE INDEX ix_lc_campaign_actions_id ON lc_campaign_actions (tenant_id, campaign_id, id);
CREATE INDEX ix_lc_campaign_actions_index ON lc_campaign_actions (tenant_id, campaign_id, action_index, id);
CREATE INDEX ix_lc_campaign_actions_name ON lc_campaign_actions (tenant_id, campaign_id, name, id);
CREATE INDEX ix_lc_campaign_actions_status ON lc_campaign_actions (tenant_id, campaign_id, status, id);
CREATE INDEX ix_lc_campaign_actions_updated ON lc_campaign_actions (tenant_id, campaign_id, updated_ms, id);
CREATE INDEX ix_lc_campaign_tags_tag ON lc_campaign_tags (tenant_id, tag, campaign_id);
CREATE INDEX ix_lc_campaigns_created ON lc_campaigns (tenant_id, created_ms, id);
CREATE INDEX ix_lc_campaigns_name ON lc_campaigns (tenant_id, name, id);
CREATE INDEX ix_lc_campaigns_program ON lc_campaigns (tenant_id, program_id, id);
CREATE INDEX ix_lc_campaigns_type ON lc_campaigns (tenant_id, type, id);
CREATE INDEX ix_lc_campaigns_updated ON lc_campaigns (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_campaigns_valid_from ON lc_campaigns (tenant_id, valid_from_ms, id);
CREATE INDEX ix_lc_campaigns_valid_to ON lc_campaigns (tenant_id, valid_to_ms, id);
CREATE INDEX ix_lc_coupon_book_labels_book ON lc_coupon_book_labels (tenant_id, book_id);
CREATE INDEX ix_lc_coupon_book_offerings_book ON lc_coupon_book_offerings (tenant_id, offered_book_id, partnership_id, status);
CREATE INDEX ix_lc_coupon_book_offerings_created ON lc_coupon_book_offerings (tenant_id, created_ms, id);
CREATE INDEX ix_lc_coupon_book_offerings_status ON lc_coupon_book_offerings (tenant_id, status, id);
CREATE INDEX ix_lc_coupon_book_offerings_updated ON lc_coupon_book_offerings (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_coupon_books_created ON lc_coupon_books (tenant_id, created_ms, id);
CREATE INDEX ix_lc_coupon_books_name ON lc_coupon_books (tenant_id, name, id);
CREATE INDEX ix_lc_coupon_books_program ON lc_coupon_books (tenant_id, program_id, publishing_status, id);
CREATE INDEX ix_lc_coupon_books_ranking ON lc_coupon_books (tenant_id, ranking_index, id);
CREATE INDEX ix_lc_coupon_books_schema ON lc_coupon_books (tenant_id, content_schema_id, id);
CREATE INDEX ix_lc_coupon_books_status ON lc_coupon_books (tenant_id, publishing_status, id);
CREATE INDEX ix_lc_coupon_books_updated ON lc_coupon_books (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_coupon_books_valid_from ON lc_coupon_books (tenant_id, valid_from_ms, id);
CREATE INDEX ix_lc_coupon_books_valid_to ON lc_coupon_books (tenant_id, valid_to_ms, id);
CREATE INDEX ix_lc_coupon_usages_assignment ON lc_coupon_usages (tenant_id, assignment_id, id);
CREATE INDEX ix_lc_coupon_usages_book_time ON lc_coupon_usages (tenant_id, book_id, type, created_ms);
CREATE INDEX ix_lc_coupon_usages_coupon ON lc_coupon_usages (tenant_id, coupon_id, member_id, type, status);
CREATE INDEX ix_lc_coupon_usages_group ON lc_coupon_usages (tenant_id, group_id, id);
CREATE INDEX ix_lc_coupon_usages_member ON lc_coupon_usages (tenant_id, member_id, type, book_id, id);
CREATE INDEX ix_lc_coupon_usages_member_code ON lc_coupon_usages (tenant_id, member_id, type, code, id);
CREATE INDEX ix_lc_coupon_usages_member_created ON lc_coupon_usages (tenant_id, member_id, type, created_ms, id);
CREATE INDEX ix_lc_coupon_usages_member_expires ON lc_coupon_usages (tenant_id, member_id, type, expires_ms, id);
CREATE INDEX ix_lc_coupon_usages_time ON lc_coupon_usages (tenant_id, type, created_ms, book_id);
CREATE INDEX ix_lc_coupon_usages_transaction ON lc_coupon_usages (tenant_id, transaction_id);
CREATE INDEX ix_lc_coupons_book ON lc_coupons (tenant_id, book_id, id);
CREATE INDEX ix_lc_coupons_created ON lc_coupons (tenant_id, book_id, created_ms, id);
CREATE INDEX ix_lc_coupons_free ON lc_coupons (tenant_id, book_id, assigned, id);
CREATE INDEX ix_lc_coupons_updated ON lc_coupons (tenant_id, book_id, updated_ms, id);
CREATE INDEX ix_lc_event_triggers_active ON lc_event_triggers (tenant_id, active, id);
CREATE INDEX ix_lc_event_triggers_created ON lc_event_triggers (tenant_id, created_ms, id);
CREATE INDEX ix_lc_event_triggers_name ON lc_event_triggers (tenant_id, name, id);
CREATE INDEX ix_lc_event_triggers_updated ON lc_event_triggers (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_event_types_created ON lc_event_types (tenant_id, created_ms, id);
CREATE INDEX ix_lc_event_types_updated ON lc_event_types (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_events_member ON lc_events (tenant_id, member_id, id);
CREATE INDEX ix_lc_events_member_created ON lc_events (tenant_id, member_id, created_ms, id);
CREATE INDEX ix_lc_events_member_status ON lc_events (tenant_id, member_id, status, id);
CREATE INDEX ix_lc_events_member_type ON lc_events (tenant_id, member_id, type, id);
CREATE INDEX ix_lc_events_root ON lc_events (tenant_id, root_id, id) WHERE root_id IS NOT NULL;
CREATE INDEX ix_lc_events_type ON lc_events (tenant_id, type, topic, created_ms);
CREATE INDEX ix_lc_listeners_source ON lc_listeners (tenant_id, source, source_id);
CREATE INDEX ix_lc_matchers_created ON lc_matchers (tenant_id, created_ms, id);
CREATE INDEX ix_lc_matchers_name ON lc_matchers (tenant_id, name, id);
CREATE INDEX ix_lc_matchers_type ON lc_matchers (tenant_id, type, id);
CREATE INDEX ix_lc_matchers_updated ON lc_matchers (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_member_missions_mission ON lc_member_missions (tenant_id, mission_id, times_achieved);
CREATE INDEX ix_lc_mission_counts_created ON lc_mission_counts (tenant_id, created_ms, mission_id);
CREATE INDEX ix_lc_mission_counts_member ON lc_mission_counts (tenant_id, member_id, mission_id, id);
CREATE INDEX ix_lc_mission_counts_mission ON lc_mission_counts (tenant_id, mission_id, created_ms);
CREATE INDEX ix_lc_mission_tags_mission ON lc_mission_tags (tenant_id, mission_id);
CREATE INDEX ix_lc_missions_audience ON lc_missions (tenant_id, audience_id);
CREATE INDEX ix_lc_missions_created ON lc_missions (tenant_id, created_ms, id);
CREATE INDEX ix_lc_missions_name ON lc_missions (tenant_id, name, id);
CREATE INDEX ix_lc_missions_program ON lc_missions (tenant_id, program_id, id);
CREATE INDEX ix_lc_missions_type ON lc_missions (tenant_id, type, id);
CREATE INDEX ix_lc_missions_updated ON lc_missions (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_missions_valid_from ON lc_missions (tenant_id, valid_from_ms, id);
CREATE INDEX ix_lc_missions_valid_to ON lc_missions (tenant_id, valid_to_ms, id);
CREATE INDEX ix_lc_purchase_orders_member ON lc_purchase_orders (tenant_id, member_id, id);
CREATE INDEX ix_lc_referral_codes_code ON lc_referral_codes (tenant_id, referral_program_id, code);
CREATE INDEX ix_lc_referral_codes_created ON lc_referral_codes (tenant_id, referral_program_id, created_ms, id);
CREATE INDEX ix_lc_referral_codes_member ON lc_referral_codes (tenant_id, referral_program_id, member_id, id);
CREATE INDEX ix_lc_referral_codes_program ON lc_referral_codes (tenant_id, referral_program_id, id);
CREATE INDEX ix_lc_referral_codes_referred ON lc_referral_codes (tenant_id, referral_program_id, referred_count, id);
CREATE INDEX ix_lc_referral_programs_created ON lc_referral_programs (tenant_id, created_ms, id);
CREATE INDEX ix_lc_referral_programs_name ON lc_referral_programs (tenant_id, name, id);
CREATE INDEX ix_lc_referral_programs_referred ON lc_referral_programs (tenant_id, referred_count, id);
CREATE INDEX ix_lc_referral_programs_updated ON lc_referral_programs (tenant_id, updated_ms, id);
CREATE INDEX ix_lc_referral_programs_valid_from ON lc_referral_programs (tenant_id, valid_from_ms, id);
CREATE INDEX ix_lc_referral_programs_valid_to ON lc_referral_programs (tenant_id, valid_to_ms, id);
CREATE INDEX ix_lc_referrals_code ON lc_referrals (tenant_id, code_id, id);
CREATE INDEX ix_lc_referrals_code_created ON lc_referrals (tenant_id, code_id, created_ms, id);
CREATE INDEX ix_lc_referrals_code_paid ON lc_referrals (tenant_id, code_id, paid_ms, id);
CREATE INDEX ix_lc_referrals_code_referred ON lc_referrals (tenant_id, code_id, referred_id);
CREATE INDEX ix_lc_referrers_codes ON lc_referrers (tenant_id, referral_program_id, code_count, member_id);
CREATE INDEX ix_lc_referrers_created ON lc_referrers (tenant_id, referral_program_id, created_ms, member_id);
CREATE INDEX ix_lc_referrers_last ON lc_referrers (tenant_id, referral_program_id, last_referred_ms, member_id);
CREATE INDEX ix_lc_referrers_paid ON lc_referrers (tenant_id, referral_program_id, paid_count, member_id);
CREATE INDEX ix_lc_referrers_points ON lc_referrers (tenant_id, referral_program_id, referrer_points, member_id);
CREATE INDEX ix_lc_referrers_referred ON lc_referrers (tenant_id, referral_program_id, referred_count, member_id);
CREATE INDEX ix_lc_survey_answers_score ON lc_survey_answers (tenant_id, survey_id, score);
CREATE INDEX ix_jobs_internal ON jobs (sandbox_id, due_at_ms, tenant_id, id) WHERE endpoint_id IS NULL;
CREATE INDEX ix_jobs_tenant_internal ON jobs (tenant_id, due_at_ms, id) WHERE endpoint_id IS NULL;
CREATE INDEX ix_jobs_deliveries ON jobs (sandbox_id, due_at_ms, tenant_id, id) WHERE endpoint_id IS NOT NULL;
CREATE INDEX ix_jobs_endpoint ON jobs (sandbox_id, tenant_id, endpoint_id, due_at_ms, id) WHERE endpoint_id IS NOT NULL;
COMMIT;
