<qgis version="3.22.16-Białowieża" styleCategories="AllStyleCategories" hasScaleBasedVisibilityFlag="1" minScale="640000" maxScale="0" labelsEnabled="1" readOnly="0" simplifyDrawingHints="1" simplifyAlgorithm="0" simplifyDrawingTol="1" simplifyLocal="1" simplifyMaxScale="1" symbologyReferenceScale="-1">
 <flags>
  <Identifiable>1</Identifiable>
  <Removable>1</Removable>
  <Searchable>0</Searchable>
  <Private>0</Private>
 </flags>
 <renderer-v2 type="categorizedSymbol" symbollevels="0" enableorderby="0" forceraster="0" referencescale="-1" attr="severity">
  <categories>
   <category symbol="0" value="closed" label="Tertutup untuk semua" render="true"></category>
   <category symbol="1" value="vehicles" label="Tertutup untuk kendaraan" render="true"></category>
   <category symbol="2" value="slow" label="Dapat dilalui pelan" render="true"></category>
  </categories>
  <symbols>
   <symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="213,0,0,89"></Option>
      <Option type="QString" name="style" value="solid"></Option>
      <Option type="QString" name="outline_color" value="213,0,0,255"></Option>
      <Option type="QString" name="outline_style" value="no"></Option>
      <Option type="QString" name="outline_width" value="0.5292"></Option>
      <Option type="QString" name="outline_width_unit" value="MM"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
     </Option>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="line_color" value="213,0,0,255"></Option>
      <Option type="QString" name="line_style" value="solid"></Option>
      <Option type="QString" name="line_width" value="0.5292"></Option>
      <Option type="QString" name="line_width_unit" value="MM"></Option>
      <Option type="QString" name="capstyle" value="flat"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
      <Option type="QString" name="use_custom_dash" value="1"></Option>
      <Option type="QString" name="customdash" value="1.0583;0.5292"></Option>
      <Option type="QString" name="customdash_unit" value="MM"></Option>
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" name="1" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,109,0,89"></Option>
      <Option type="QString" name="style" value="solid"></Option>
      <Option type="QString" name="outline_color" value="213,0,0,255"></Option>
      <Option type="QString" name="outline_style" value="no"></Option>
      <Option type="QString" name="outline_width" value="0.5292"></Option>
      <Option type="QString" name="outline_width_unit" value="MM"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
     </Option>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="line_color" value="213,0,0,255"></Option>
      <Option type="QString" name="line_style" value="solid"></Option>
      <Option type="QString" name="line_width" value="0.5292"></Option>
      <Option type="QString" name="line_width_unit" value="MM"></Option>
      <Option type="QString" name="capstyle" value="flat"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
      <Option type="QString" name="use_custom_dash" value="1"></Option>
      <Option type="QString" name="customdash" value="1.0583;0.5292"></Option>
      <Option type="QString" name="customdash_unit" value="MM"></Option>
     </Option>
    </layer>
   </symbol>
   <symbol type="fill" name="2" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="color" value="255,171,0,89"></Option>
      <Option type="QString" name="style" value="solid"></Option>
      <Option type="QString" name="outline_color" value="213,0,0,255"></Option>
      <Option type="QString" name="outline_style" value="no"></Option>
      <Option type="QString" name="outline_width" value="0.5292"></Option>
      <Option type="QString" name="outline_width_unit" value="MM"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
     </Option>
    </layer>
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="line_color" value="213,0,0,255"></Option>
      <Option type="QString" name="line_style" value="solid"></Option>
      <Option type="QString" name="line_width" value="0.5292"></Option>
      <Option type="QString" name="line_width_unit" value="MM"></Option>
      <Option type="QString" name="capstyle" value="flat"></Option>
      <Option type="QString" name="joinstyle" value="round"></Option>
      <Option type="QString" name="use_custom_dash" value="1"></Option>
      <Option type="QString" name="customdash" value="1.0583;0.5292"></Option>
      <Option type="QString" name="customdash_unit" value="MM"></Option>
     </Option>
    </layer>
   </symbol>
  </symbols>
  <rotation></rotation>
  <sizescale></sizescale>
 </renderer-v2>
 <labeling type="simple">
  <settings>
   <text-style fieldName="name" isExpression="0" fontSize="8.25" fontSizeUnit="Point" fontWeight="50" textColor="43,43,43,255" textOpacity="1" multilineHeight="1">
    <text-buffer bufferDraw="1" bufferSize="0.3704" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1" bufferNoFill="1" bufferJoinStyle="128"></text-buffer>
   </text-style>
   <text-format></text-format>
   <placement placement="4" centroidInside="1" priority="5"></placement>
   <rendering drawLabels="1" scaleVisibility="1" scaleMin="0" scaleMax="10000" mergeLines="0" obstacle="1" fontMinPixelSize="3" fontMaxPixelSize="10000"></rendering>
  </settings>
 </labeling>
 <blendMode>0</blendMode>
 <featureBlendMode>0</featureBlendMode>
 <layerOpacity>1</layerOpacity>
 <geometryOptions removeDuplicateNodes="0" geometryPrecision="0"></geometryOptions>
 <legend type="default-vector" showLabelLegend="0"></legend>
 <fieldConfiguration>
  <field name="id" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="name" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="reason" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="Banjir atau genangan" value="flood"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Puing atau pohon tumbang" value="debris"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Jembatan rusak" value="bridge"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Jalan rusak" value="damage"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Longsor" value="landslide"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Kebakaran" value="fire"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Kecelakaan" value="accident"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Kepadatan" value="crowd"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Pekerjaan jalan" value="works"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Acara" value="event"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Keamanan" value="security"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Lainnya" value="other"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="severity" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="Tertutup untuk semua" value="closed"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tertutup untuk kendaraan" value="vehicles"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Dapat dilalui pelan" value="slow"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="speed_factor" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="level" configurationFlags="None">
   <editWidget type="Range">
    <config>
     <Option type="Map">
      <Option type="bool" name="AllowNull" value="true"></Option>
      <Option type="int" name="Min" value="-5"></Option>
      <Option type="int" name="Max" value="5"></Option>
      <Option type="int" name="Precision" value="0"></Option>
      <Option type="int" name="Step" value="1"></Option>
      <Option type="QString" name="Style" value="SpinBox"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="starts_at" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="ends_at" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="reporter" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="verified" configurationFlags="None">
   <editWidget type="ValueMap">
    <config>
     <Option type="Map">
      <Option type="List" name="map">
       <Option type="Map">
        <Option type="QString" name="(belum diisi)" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Ya" value="true"></Option>
       </Option>
       <Option type="Map">
        <Option type="QString" name="Tidak" value="false"></Option>
       </Option>
      </Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="remark" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="true"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="revision" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="updated_at" configurationFlags="None">
   <editWidget type="DateTime">
    <config>
     <Option type="Map">
      <Option type="bool" name="allow_null" value="true"></Option>
      <Option type="bool" name="calendar_popup" value="true"></Option>
      <Option type="QString" name="display_format" value="dd-MM-yyyy HH:mm:ss"></Option>
      <Option type="QString" name="field_format" value="yyyy-MM-dd HH:mm:ss"></Option>
      <Option type="bool" name="field_format_overwrite" value="false"></Option>
      <Option type="bool" name="field_iso_format" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="updated_by" configurationFlags="None">
   <editWidget type="TextEdit">
    <config>
     <Option type="Map">
      <Option type="bool" name="IsMultiline" value="false"></Option>
      <Option type="bool" name="UseHtml" value="false"></Option>
     </Option>
    </config>
   </editWidget>
  </field>
  <field name="read_revision" configurationFlags="None">
   <editWidget type="Hidden">
    <config>
     <Option type="Map"></Option>
    </config>
   </editWidget>
  </field>
 </fieldConfiguration>
 <aliases>
  <alias field="id" index="0" name="Nomor fitur"></alias>
  <alias field="name" index="1" name="Nama tempat"></alias>
  <alias field="reason" index="2" name="Alasan"></alias>
  <alias field="severity" index="3" name="Tingkat penutupan"></alias>
  <alias field="speed_factor" index="4" name="Faktor kecepatan"></alias>
  <alias field="level" index="5" name="Hanya tingkat"></alias>
  <alias field="starts_at" index="6" name="Mulai (contoh: 2026-01-31 08:00)"></alias>
  <alias field="ends_at" index="7" name="Sampai (contoh: 2026-01-31 08:00)"></alias>
  <alias field="reporter" index="8" name="Pelapor"></alias>
  <alias field="verified" index="9" name="Sudah diperiksa"></alias>
  <alias field="remark" index="10" name="Catatan"></alias>
  <alias field="revision" index="11" name="Versi"></alias>
  <alias field="updated_at" index="12" name="Diubah pada"></alias>
  <alias field="updated_by" index="13" name="Diubah oleh"></alias>
  <alias field="read_revision" index="14" name="Versi yang dibaca"></alias>
 </aliases>
 <defaults>
  <default field="id" expression="" applyOnUpdate="0"></default>
  <default field="name" expression="" applyOnUpdate="0"></default>
  <default field="reason" expression="" applyOnUpdate="0"></default>
  <default field="severity" expression="" applyOnUpdate="0"></default>
  <default field="speed_factor" expression="" applyOnUpdate="0"></default>
  <default field="level" expression="" applyOnUpdate="0"></default>
  <default field="starts_at" expression="" applyOnUpdate="0"></default>
  <default field="ends_at" expression="" applyOnUpdate="0"></default>
  <default field="reporter" expression="" applyOnUpdate="0"></default>
  <default field="verified" expression="" applyOnUpdate="0"></default>
  <default field="remark" expression="" applyOnUpdate="0"></default>
  <default field="revision" expression="0" applyOnUpdate="0"></default>
  <default field="updated_at" expression="now()" applyOnUpdate="0"></default>
  <default field="updated_by" expression="&#39;(diisi saat disimpan)&#39;" applyOnUpdate="0"></default>
  <default field="read_revision" expression="&#34;revision&#34;" applyOnUpdate="1"></default>
 </defaults>
 <constraints>
  <constraint field="id" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="name" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="reason" constraints="1" notnull_strength="1" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="severity" constraints="1" notnull_strength="1" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="speed_factor" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="level" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="starts_at" constraints="1" notnull_strength="1" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="ends_at" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="reporter" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="verified" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="remark" constraints="4" notnull_strength="0" unique_strength="0" exp_strength="1"></constraint>
  <constraint field="revision" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="updated_at" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="updated_by" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
  <constraint field="read_revision" constraints="0" notnull_strength="0" unique_strength="0" exp_strength="0"></constraint>
 </constraints>
 <constraintExpressions>
  <constraint field="id" exp="" desc=""></constraint>
  <constraint field="name" exp="&#34;name&#34; is null or (length(&#34;name&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="reason" exp="" desc=""></constraint>
  <constraint field="severity" exp="" desc=""></constraint>
  <constraint field="speed_factor" exp="&#34;speed_factor&#34; is null or (&#34;speed_factor&#34; &gt;= 0 and &#34;speed_factor&#34; &lt;= 1)" desc="Harus 0 sampai 1."></constraint>
  <constraint field="level" exp="&#34;level&#34; is null or (&#34;level&#34; &gt;= -5 and &#34;level&#34; &lt;= 5)" desc="Harus -5 sampai 5."></constraint>
  <constraint field="starts_at" exp="" desc=""></constraint>
  <constraint field="ends_at" exp="&#34;ends_at&#34; is null or ((&#34;starts_at&#34; is null or &#34;starts_at&#34; &lt;= &#34;ends_at&#34;))" desc="Tidak boleh sebelum Mulai."></constraint>
  <constraint field="reporter" exp="&#34;reporter&#34; is null or (length(&#34;reporter&#34;) &lt;= 120)" desc="Paling banyak 120 huruf."></constraint>
  <constraint field="verified" exp="" desc=""></constraint>
  <constraint field="remark" exp="&#34;remark&#34; is null or (length(&#34;remark&#34;) &lt;= 2000)" desc="Paling banyak 2000 huruf."></constraint>
  <constraint field="revision" exp="" desc=""></constraint>
  <constraint field="updated_at" exp="" desc=""></constraint>
  <constraint field="updated_by" exp="" desc=""></constraint>
  <constraint field="read_revision" exp="" desc=""></constraint>
 </constraintExpressions>
 <attributetableconfig actionWidgetStyle="dropDown" sortOrder="0" sortExpression="">
  <columns>
   <column type="field" name="id" width="-1" hidden="0"></column>
   <column type="field" name="name" width="-1" hidden="0"></column>
   <column type="field" name="reason" width="-1" hidden="0"></column>
   <column type="field" name="severity" width="-1" hidden="0"></column>
   <column type="field" name="speed_factor" width="-1" hidden="0"></column>
   <column type="field" name="level" width="-1" hidden="0"></column>
   <column type="field" name="starts_at" width="-1" hidden="0"></column>
   <column type="field" name="ends_at" width="-1" hidden="0"></column>
   <column type="field" name="reporter" width="-1" hidden="0"></column>
   <column type="field" name="verified" width="-1" hidden="0"></column>
   <column type="field" name="remark" width="-1" hidden="0"></column>
   <column type="field" name="revision" width="-1" hidden="0"></column>
   <column type="field" name="updated_at" width="-1" hidden="0"></column>
   <column type="field" name="updated_by" width="-1" hidden="0"></column>
   <column type="field" name="read_revision" width="-1" hidden="1"></column>
   <column type="actions" width="-1" hidden="1"></column>
  </columns>
 </attributetableconfig>
 <featformsuppress>0</featformsuppress>
 <editorlayout>tablayout</editorlayout>
 <attributeEditorForm>
  <attributeEditorContainer name="Utama" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
   <attributeEditorField name="name" index="1" showLabel="1"></attributeEditorField>
   <attributeEditorField name="reason" index="2" showLabel="1"></attributeEditorField>
   <attributeEditorField name="severity" index="3" showLabel="1"></attributeEditorField>
   <attributeEditorField name="speed_factor" index="4" showLabel="1"></attributeEditorField>
   <attributeEditorField name="level" index="5" showLabel="1"></attributeEditorField>
   <attributeEditorField name="starts_at" index="6" showLabel="1"></attributeEditorField>
   <attributeEditorField name="ends_at" index="7" showLabel="1"></attributeEditorField>
   <attributeEditorField name="reporter" index="8" showLabel="1"></attributeEditorField>
   <attributeEditorField name="verified" index="9" showLabel="1"></attributeEditorField>
   <attributeEditorField name="remark" index="10" showLabel="1"></attributeEditorField>
  </attributeEditorContainer>
  <attributeEditorContainer name="Riwayat" columnCount="1" groupBox="0" showLabel="1" visibilityExpressionEnabled="0" visibilityExpression="">
   <attributeEditorField name="id" index="0" showLabel="1"></attributeEditorField>
   <attributeEditorField name="revision" index="11" showLabel="1"></attributeEditorField>
   <attributeEditorField name="updated_at" index="12" showLabel="1"></attributeEditorField>
   <attributeEditorField name="updated_by" index="13" showLabel="1"></attributeEditorField>
  </attributeEditorContainer>
 </attributeEditorForm>
 <editable>
  <field name="id" editable="0"></field>
  <field name="name" editable="1"></field>
  <field name="reason" editable="1"></field>
  <field name="severity" editable="1"></field>
  <field name="speed_factor" editable="1"></field>
  <field name="level" editable="1"></field>
  <field name="starts_at" editable="1"></field>
  <field name="ends_at" editable="1"></field>
  <field name="reporter" editable="1"></field>
  <field name="verified" editable="1"></field>
  <field name="remark" editable="1"></field>
  <field name="revision" editable="0"></field>
  <field name="updated_at" editable="0"></field>
  <field name="updated_by" editable="0"></field>
  <field name="read_revision" editable="0"></field>
 </editable>
 <labelOnTop>
  <field name="id" labelOnTop="0"></field>
  <field name="name" labelOnTop="1"></field>
  <field name="reason" labelOnTop="1"></field>
  <field name="severity" labelOnTop="1"></field>
  <field name="speed_factor" labelOnTop="1"></field>
  <field name="level" labelOnTop="1"></field>
  <field name="starts_at" labelOnTop="1"></field>
  <field name="ends_at" labelOnTop="1"></field>
  <field name="reporter" labelOnTop="1"></field>
  <field name="verified" labelOnTop="1"></field>
  <field name="remark" labelOnTop="1"></field>
  <field name="revision" labelOnTop="0"></field>
  <field name="updated_at" labelOnTop="0"></field>
  <field name="updated_by" labelOnTop="0"></field>
  <field name="read_revision" labelOnTop="0"></field>
 </labelOnTop>
 <previewExpression>coalesce(&#34;name&#34;, &#34;id&#34;)</previewExpression>
 <mapTip>[% coalesce(&#34;name&#34;, &#34;id&#34;) %]</mapTip>
 <layerGeometryType>2</layerGeometryType>
</qgis>
